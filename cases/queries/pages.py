"""Paging by key: a page begins after the last row of the one before, so that rows which come and go shift nothing."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from cases.errors import Invalid

Row = TypeVar("Row")
SIZE = 50
# Sorts what has no due date behind everything that has one.
NEVER = datetime.fromisoformat("9999-12-31T00:00:00+00:00")


@dataclass(frozen=True)
class Page(Generic[Row]):
    """``next`` is the cursor of the following page, or None at the end."""

    rows: Sequence[Row]
    next: str | None


def cursor(*values: Any) -> str:
    text = json.dumps([v.isoformat() if isinstance(v, datetime) else v for v in values])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def values_of(text: str, count: int) -> list[Any]:
    """Raises Invalid for what is no cursor of ours."""
    try:
        values = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        first = datetime.fromisoformat(values[0])
    except (ValueError, TypeError, IndexError, KeyError):
        raise Invalid({"after": "翻页标记无效，请从第一页重新查看。"}) from None
    if len(values) != count or first.tzinfo is None:
        raise Invalid({"after": "翻页标记无效，请从第一页重新查看。"})
    return [first, *values[1:]]
