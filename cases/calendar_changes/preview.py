"""What a table would change, before it is published. Nothing is written."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from sqlalchemy.ext.asyncio import AsyncSession

from cases.calendar_changes.calendars import Calendars, calendars
from cases.calendar_changes.recount import OpenCase, Recount, open_cases, recounts
from cases.calendar_changes.table import Table
from cases.calendar_changes.touched import Touched, touched, touched_keys
from cases.calendars import NATIONAL
from cases.deadlines.statutory import LUNAR, statutory_days
from cases.errors import NotFound
from cases.policy.pack import PolicyPack

AT_ONCE = 500


@dataclass(frozen=True)
class Move:
    """One deadline before and after. ``fired``: rungs that went out already and will not go out again; ``rungs``:
    those that would go out at another instant, appear or go.

    ``late_at_once``: not late now, and late the moment the table is in. ``messaged``: its execution must be told.
    """

    instance_id: str
    deadline_key: int
    case_no: str | None
    name: str
    title: str
    old_due: date | None
    new_due: date | None
    old_provisional: bool
    new_provisional: bool
    fired: tuple[str, ...]
    late_at_once: bool
    messaged: bool
    rungs: tuple[str, ...] = ()
    problem: str | None = None


@dataclass(frozen=True)
class Preview:
    """``computed``: deadlines that rest on a changed day. ``moves``: those that something changes for.

    ``doubts``: sentences about the table that a person should read before publishing it.
    """

    computed: int
    moves: tuple[Move, ...]
    doubts: tuple[str, ...]


async def preview(session: AsyncSession, table: Table, now: datetime) -> Preview:
    before = await calendars(session)
    after = before.with_table(table.published())
    parts = await touched(session, before, after, table.years)
    return await _preview(session, parts, after, tuple(_doubts(table, before, after, parts)), now)


async def preview_withdrawal(session: AsyncSession, version: str, now: datetime) -> Preview:
    """Raises NotFound."""
    before = await calendars(session)
    gone = next((table for table in before.tables if table.version == version), None)
    if gone is None:
        raise NotFound(f"没有生效中的放假安排“{version}”。")
    after = before.without(version)
    return await _preview(session, await touched(session, before, after, gone.years), after, (), now)


async def _preview(
    session: AsyncSession, parts: list[Touched], after: Calendars, doubts: tuple[str, ...], now: datetime
) -> Preview:
    return await previewed(session, await touched_keys(session, parts), after, doubts, now)


async def previewed(
    session: AsyncSession, keys: Iterable[tuple[str, int]], after: Calendars, doubts: tuple[str, ...], now: datetime,
    packs: Mapping[str, PolicyPack] | None = None,
) -> Preview:  # fmt: skip
    """Of the named deadlines, counted by these calendars and, where given, by these packs."""
    computed, moves = 0, []
    async for case, recount in _recounted(session, keys, after, packs):
        computed += 1
        if recount.changed or recount.problem:
            moves.append(_move(case, recount, now))
    return Preview(computed, tuple(moves), doubts)


async def _recounted(
    session: AsyncSession, keys: Iterable[tuple[str, int]], after: Calendars, packs: Mapping[str, PolicyPack] | None
) -> AsyncIterator[tuple[OpenCase, Recount]]:
    by_case = {id_: {key for _, key in found} for id_, found in groupby(sorted(keys), key=lambda pair: pair[0])}
    ids = list(by_case)
    for start in range(0, len(ids), AT_ONCE):
        for case in await open_cases(session, ids[start : start + AT_ONCE]):
            for recount in recounts(case, by_case[case.instance.id], after, packs):
                yield case, recount
        session.expunge_all()  # a hundred thousand rows are not kept in memory at once


def _move(case: OpenCase, recount: Recount, now: datetime) -> Move:
    row, new = recount.row, recount.computed
    late = new is not None and row.due_at is not None and new.due_at <= now < row.due_at
    return Move(
        row.instance_id, row.key, case.complaint.case_no if case.complaint else None, row.name,
        recount.rule.title_zh if recount.rule else row.name, row.due, new.due if new else row.due, row.provisional,
        new.provisional if new else row.provisional, recount.fired, late, recount.earlier, recount.moved_rungs,
        recount.problem,
    )  # fmt: skip


def _doubts(table: Table, before: Calendars, after: Calendars, parts: list[Touched]) -> list[str]:
    doubts = []
    groups = {after.group(part.pack, region) for part in parts for region in part.regions}
    outranked = {
        local.day
        for group in groups
        for local, _ in after.of(group).outranked()
        if table.layer != NATIONAL and any(row == local for row in table.rows)
    }
    if outranked:
        days = "、".join(day.isoformat() for day in sorted(outranked))
        doubts.append(f"{days}已由国务院放假安排确定，本表对这些日期不起作用。")
    unsaid = {year for part in parts for first, last in part.spans for year in (first.year, last.year)}
    unsaid -= set(table.years)
    if unsaid:
        years = "、".join(map(str, sorted(unsaid)))
        doubts.append(f"本表未说明{years}年，这些年度的期限将转为暂定；没有本地休息日的年度也请列入 years。")
    if table.layer == NATIONAL:
        named = {row.day for row in table.rows}
        # A year that is covered already is amended, by a table that names only what it changes.
        for year in sorted((set(table.years) - before.official_years()) & LUNAR.keys()):
            off = [day for day in sorted(statutory_days(year)) if day.weekday() < 5 and day not in named]
            missing = [day.isoformat() for day in off]
            if missing:
                doubts.append(f"{year}年的法定休假日{'、'.join(missing)}不在表中，将按工作日计算；请核对文件。")
    return doubts

