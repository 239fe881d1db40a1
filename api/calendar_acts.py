"""Tables of holidays as a person of the office keeps them: read, previewed, published, withdrawn. For pages and API."""

from __future__ import annotations

import csv
import io
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from api.services import Services
from api.who import Staff, require
from cases.calendar_changes.fields import KEYS
from cases.calendar_changes.files import parse_csv, parse_yaml
from cases.calendar_changes.missing import ROLES
from cases.calendar_changes.preview import Preview, preview, preview_withdrawal
from cases.calendar_changes.publish import publish, withdraw
from cases.calendar_changes.table import Table, TableRefused
from cases.errors import Conflict, Invalid

WHO = "放假安排由系统管理员或自治区归集上报岗位录入。"
MAX_REASON = 1000
_HEAD_LINES = len(KEYS) + 1


def keeps(who: Staff) -> bool:
    return bool(who.actor.roles & set(ROLES))


def require_keeper(who: Staff) -> None:
    require(keeps(who), WHO)


@dataclass(frozen=True)
class Draft:
    """A table that somebody is about to publish, as the text of its file."""

    text: str
    csv: bool

    @property
    def table(self) -> Table:
        """Raises TableRefused with every problem, by line."""
        return parse_csv(self.text) if self.csv else parse_yaml(self.text)


def drafted(fields: Mapping[str, object]) -> Draft:
    """The form's fields as the file that says the same; days one a line, ``2027-01-01 休 元旦``.

    Raises Invalid with the form's own fields as keys.
    """
    head = [f"# {key}: {' '.join(str(fields.get(key) or '').split())}" for key in KEYS]
    days = [_row(line) for line in str(fields.get("days") or "").splitlines() if line.strip()]
    draft = Draft("\n".join([*head, "day,kind,name", *days]), True)
    try:
        draft.table  # noqa: B018  read for its problems
    except TableRefused as refused:
        raise Invalid(_by_field(refused)) from None
    return draft


def _row(line: str) -> str:
    day, kind, name = [*line.replace("，", " ").replace(",", " ").split(maxsplit=2), "", "", ""][:3]
    row = io.StringIO()
    csv.writer(row, lineterminator="").writerow((day, kind, name))
    return row.getvalue()


def _by_field(refused: TableRefused) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for one in refused.problems:
        if one.line < _HEAD_LINES:
            found.setdefault(KEYS[one.line - 1], []).append(f"{one.sentence}{one.remedy}")
        else:
            found.setdefault("days", []).append(f"第{one.line - _HEAD_LINES}行：{one.sentence}{one.remedy}")
    return {key: " ".join(sentences) for key, sentences in found.items()}


async def look(services: Services, draft: Draft) -> Preview:
    """Raises TableRefused."""
    table = draft.table
    return await _apart(services, lambda session: preview(session, table, services.clock()))


async def look_at_withdrawal(services: Services, version: str) -> Preview:
    """Raises NotFound."""
    return await _apart(services, lambda session: preview_withdrawal(session, version, services.clock()))


async def _apart(services: Services, work: Callable[[AsyncSession], Awaitable[Preview]]) -> Preview:
    # A transaction of its own: a preview lets go of the rows that it has read.
    async with services.transaction() as session:
        return await work(session)


async def put_in_force(services: Services, who: Staff, draft: Draft, seen: str) -> int:
    """``seen``: the content that was previewed. Raises Conflict (the table is another one), Invalid."""
    table = draft.table
    if table.content != seen:
        raise Conflict("放假安排与预览时不同，请重新预览后再公布。")
    async with services.transaction() as session:
        return await publish(session, table, author_of(who), services.clock())


async def take_back(services: Services, who: Staff, version: str, reason: str) -> int:
    """Raises Invalid, NotFound, Conflict."""
    if len(reason) > MAX_REASON:
        raise Invalid({"reason": f"撤回理由不超过{MAX_REASON}字。"})
    async with services.transaction() as session:
        return await withdraw(session, version, author_of(who), reason, services.clock())


def author_of(who: Staff) -> str:
    return f"account:{who.account.id}"
