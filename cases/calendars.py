"""The calendar in force: the national table, what the database adds to it, and the pack's local days."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from cases.deadlines.calendar import Calendar, DayKind, DayRow, DayTable
from cases.policy.pack import PolicyPack
from cases.tables.clocks import CalendarDay

NATIONAL = "national"


async def calendar_for(session: AsyncSession, pack: PolicyPack) -> Calendar:
    """The packaged national table with what was published since (database rows win), the pack's local days on top,
    and above them the local days that the database adds for this pack.
    """
    rows = (
        await session.scalars(
            select(CalendarDay)
            .where(CalendarDay.layer.in_((NATIONAL, pack.pack)), CalendarDay.withdrawn_at.is_(None))
            .order_by(CalendarDay.id)
        )
    ).all()
    calendar = pack.calendar()
    national = [row for row in rows if row.layer == NATIONAL]
    if national:
        calendar = calendar.with_official(_published(calendar.official, national))
    for version in dict.fromkeys(row.version for row in rows if row.layer != NATIONAL):
        local = [_row(row) for row in rows if row.version == version]
        calendar = calendar.with_overlay(DayTable.of(version, local))
    return calendar


def _published(official: DayTable, rows: list[CalendarDay]) -> DayTable:
    merged = {**official.rows, **{row.day: _row(row) for row in rows}}
    versions = "+".join((official.version, *dict.fromkeys(row.version for row in rows)))
    return DayTable.of(versions, merged.values(), official.years | {row.day.year for row in rows})


def _row(row: CalendarDay) -> DayRow:
    return DayRow(row.day, DayKind.WORKDAY if row.working else DayKind.HOLIDAY, row.name)
