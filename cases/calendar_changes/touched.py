"""Which days two calendars decide differently, and which open deadlines rest on such a day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from cases.calendar_changes.calendars import Calendars, Group
from cases.deadlines.calendar import Calendar
from cases.deadlines.errors import UncoveredDay
from cases.deadlines.zone import day_of, end_of
from cases.policy.clock import Clock
from cases.policy.loader import load
from cases.policy.pack import PolicyPack
from cases.tables.clocks import Deadline
from cases.tables.complaints import Complaint
from cases.tables.engine import Instance

_ONE = timedelta(days=1)


@dataclass(frozen=True)
class Touched:
    """Cases of ``pack`` in ``regions`` (their codes, None where a case has none) and the spans of days that changed."""

    pack: str
    regions: tuple[str | None, ...]
    spans: tuple[tuple[date, date], ...]

    def dump(self) -> dict[str, Any]:
        spans = [[first.isoformat(), last.isoformat()] for first, last in self.spans]
        return {"pack": self.pack, "regions": list(self.regions), "spans": spans}

    @classmethod
    def load(cls, stored: dict[str, Any]) -> Touched:
        spans = tuple((date.fromisoformat(first), date.fromisoformat(last)) for first, last in stored["spans"])
        return cls(stored["pack"], tuple(stored["regions"]), spans)


async def touched(
    session: AsyncSession, before: Calendars, after: Calendars, years: Iterable[int]
) -> list[Touched]:
    """Per calendar in use by a running deadline; calendars that decide every day as before are left out."""
    pairs = await session.execute(
        select(Instance.pack, Complaint.region_code)
        .outerjoin(Complaint, Complaint.id == Instance.business_key)
        .where(select(Deadline.key).where(Deadline.instance_id == Instance.id, Deadline.status == "running").exists())
        .distinct()
    )
    years = {*years, *await _years_in_use(session)}
    groups: dict[tuple[Group, Group], list[str | None]] = {}
    for pack, region in pairs:
        groups.setdefault((before.group(pack, region), after.group(pack, region)), []).append(region)
    found = []
    for (old, new), regions in sorted(groups.items(), key=lambda item: item[0]):
        spans = spans_between(before.of(old), after.of(new), years)
        if spans:
            found.append(Touched(new[0], tuple(sorted(regions, key=lambda code: code or "")), spans))
    return found


async def _years_in_use(session: AsyncSession) -> range:
    """A local table also takes away the certainty of the years that it does not speak for (docs/deadlines.md)."""
    rows = await session.execute(
        select(func.min(Deadline.start_at), func.max(func.coalesce(Deadline.horizon, Deadline.due))).where(
            Deadline.status == "running"
        )
    )
    first, last = rows.one()
    return range(day_of(first).year, last.year + 1) if first and last else range(0)


def spans_between(before: Calendar, after: Calendar, years: Iterable[int]) -> tuple[tuple[date, date], ...]:
    """Runs of days that the two decide, name or vouch for differently."""
    spans: list[tuple[date, date]] = []
    for day in _days(years):
        if _verdict(before, day) == _verdict(after, day):
            continue
        if spans and spans[-1][1] + _ONE == day:
            spans[-1] = (spans[-1][0], day)
        else:
            spans.append((day, day))
    return tuple(spans)


def _days(years: Iterable[int]) -> Iterator[date]:
    for year in sorted(set(years)):
        day = date(year, 1, 1)
        while day.year == year:
            yield day
            day += _ONE


def _verdict(calendar: Calendar, day: date) -> tuple[bool, bool, str | None] | None:
    try:
        found = calendar.is_working(day)
    except UncoveredDay:
        return None
    return found.working, found.provisional, found.name


def touched_rows(part: Touched, only: ColumnElement[bool] | None = None) -> Select[str, int]:
    """Running deadlines whose days from the start to the horizon meet a changed day, and those capped by such a one.

    A capped deadline moves with its cap, whatever days it rests on itself. Pairs of instance and key.
    """
    running = _running(part) if only is None else _running(part).where(only)
    meets = or_(false(), *(_meets(first, last) for first, last in part.spans))
    caps = capped_names(load(part.pack))
    if caps:
        resting = running.where(meets).with_only_columns(Deadline.instance_id)
        meets = or_(meets, and_(Deadline.name.in_(caps), Deadline.instance_id.in_(resting.scalar_subquery())))
    return running.where(meets)


async def touched_keys(session: AsyncSession, parts: Iterable[Touched]) -> set[tuple[str, int]]:
    """``touched_rows`` of all parts."""
    return {(id_, key) for part in parts for id_, key in await session.execute(touched_rows(part))}


def _running(part: Touched) -> Select[str, int]:
    codes = [code for code in part.regions if code is not None]
    where: ColumnElement[bool] = Complaint.region_code.in_(codes)
    if None in part.regions:
        where = or_(where, Complaint.region_code.is_(None))
    return (
        select(Deadline.instance_id, Deadline.key)
        .join(Instance, Instance.id == Deadline.instance_id)
        .outerjoin(Complaint, Complaint.id == Instance.business_key)
        .where(Deadline.status == "running", Instance.pack == part.pack, where)
    )


def _meets(first: date, last: date) -> ColumnElement[bool]:
    return and_(Deadline.start_at < end_of(last), or_(Deadline.horizon.is_(None), Deadline.horizon >= first))


def capped_names(pack: PolicyPack) -> tuple[str, ...]:
    clocks: list[tuple[str, Clock]] = list(pack.deadlines.items())
    for channel in pack.channels.values():
        clocks += channel.deadlines.items()
    return tuple(sorted({name for name, clock in clocks if clock.not_after and clock.not_after.value}))
