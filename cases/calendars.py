"""The calendar in force: the national table, what was published since, and the local days of pack and region."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from cases import directory
from cases.deadlines.calendar import Calendar, DayKind, DayRow, DayTable
from cases.deadlines.national import national_calendar
from cases.policy.pack import PolicyPack
from cases.tables.calendar_changes import CalendarTable
from cases.tables.clocks import CalendarDay
from cases.tables.complaints import Complaint

NATIONAL = "national"


@dataclass(frozen=True)
class Published:
    """One table that the database adds to a layer."""

    layer: str
    version: str
    years: tuple[int, ...]
    rows: tuple[DayRow, ...]


async def calendar_for(session: AsyncSession, pack: PolicyPack, complaint_id: str | None = None) -> Calendar:
    """The calendar that a case counts by. Without a complaint the pack's, without the layers of regions."""
    tables = await in_force(session)
    layers = {table.layer for table in tables} - {NATIONAL, pack.pack}
    regions: list[str] = []
    if layers and complaint_id is not None:
        region = await session.scalar(select(Complaint.region_code).where(Complaint.id == complaint_id))
        regions = await directory.lineage(session, region) if region else []
    return layered(pack, tables, [code for code in reversed(regions) if code in layers])


async def in_force(session: AsyncSession) -> list[Published]:
    """Every published table that is not withdrawn, oldest first."""
    rows = await session.execute(
        select(CalendarTable.layer, CalendarTable.version, CalendarTable.years, CalendarDay)
        .outerjoin(CalendarDay, CalendarDay.version == CalendarTable.version)
        .where(CalendarTable.withdrawn_at.is_(None))
        .order_by(CalendarTable.id, CalendarDay.day)
    )
    found: dict[str, tuple[str, tuple[int, ...], list[DayRow]]] = {}
    for layer, version, years, day in rows:
        days = found.setdefault(version, (layer, tuple(years), []))[2]
        if day is not None:
            days.append(DayRow(day.day, DayKind.WORKDAY if day.working else DayKind.HOLIDAY, day.name))
    return [Published(layer, version, years, tuple(days)) for version, (layer, years, days) in found.items()]


def layered(pack: PolicyPack, tables: Sequence[Published], regions: Iterable[str] = ()) -> Calendar:
    """``regions``: codes with a layer of their own, the largest first; the most local one is asked first.

    Within a layer a later table decides over an earlier one day by day: an amendment names only what it changes.
    """
    calendar = national_calendar()
    national = _of(tables, NATIONAL)
    if national:
        calendar = calendar.with_official(_merged(calendar.official, national))
    own = _of(tables, pack.pack)
    if pack.overlay is not None or own:
        calendar = calendar.with_overlay(_merged(pack.overlay, own))
    for region in regions:
        calendar = calendar.with_overlay(_merged(None, _of(tables, region)))
    return calendar


def _of(tables: Sequence[Published], layer: str) -> list[Published]:
    return [table for table in tables if table.layer == layer]


def _merged(base: DayTable | None, tables: Sequence[Published]) -> DayTable:
    rows = dict(base.rows) if base else {}
    years = set(base.years) if base else set()
    for table in tables:
        rows.update({row.day: row for row in table.rows})
        years.update(table.years)
    names = [*([base.version] if base else []), *(table.version for table in tables)]
    return DayTable.of("+".join(names), rows.values(), years)
