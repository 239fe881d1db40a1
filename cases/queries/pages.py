"""Paging by key: a page begins after the last row of the one before, so that rows which come and go shift nothing."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from cases.errors import Invalid

Row = TypeVar("Row")
SIZE = 50
# Before the cursor of a page that is read against the order of its list: what stands in front of a row.
BACK = "~"
# Sorts what has no due date behind everything that has one.
NEVER = datetime.fromisoformat("9999-12-31T00:00:00+00:00")


@dataclass(frozen=True)
class Page(Generic[Row]):
    """``next`` is the cursor of the following page, or None at the end; ``previous`` of the one before, likewise."""

    rows: Sequence[Row]
    next: str | None
    previous: str | None = None


def goes_back(after: str | None) -> bool:
    return bool(after) and str(after).startswith(BACK)


def page_of(found: Sequence[Row], size: int, after: str | None, mark: Callable[[Row], str]) -> Page[Row]:
    """``found``: up to one row more than the page holds, away from where ``after`` says. ``mark``: a row's cursor."""
    rows, more, back = list(found[:size]), len(found) > size, goes_back(after)
    if back:
        rows.reverse()
    if not rows:
        return Page(rows, None)
    further = mark(rows[-1]) if more or back else None
    before = BACK + mark(rows[0]) if (more if back else after) else None
    return Page(rows, further, before)


def cursor(*values: Any) -> str:
    text = json.dumps([v.isoformat() if isinstance(v, datetime) else v for v in values])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def values_of(text: str, count: int, moments: Sequence[int] = (0,)) -> list[Any]:
    """``moments``: which of the values are instants. Raises Invalid for what is no cursor of ours."""
    text = text.removeprefix(BACK)
    try:
        values = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        found = {index: datetime.fromisoformat(values[index]) for index in moments}
    except (ValueError, TypeError, IndexError, KeyError):
        raise Invalid({"after": "翻页标记无效，请从第一页重新查看。"}) from None
    if len(values) != count or any(moment.tzinfo is None for moment in found.values()):
        raise Invalid({"after": "翻页标记无效，请从第一页重新查看。"})
    return [found.get(index, value) for index, value in enumerate(values)]
