"""Every calendar that open cases count by, from one reading of tables and regions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from cases.calendars import NATIONAL, Published, in_force, layered
from cases.deadlines.calendar import Calendar
from cases.deadlines.national import national_calendar
from cases.policy.loader import load
from cases.tables.organisations import Region

Group: TypeAlias = tuple[str, ...]
"""A pack, then the region codes with days of their own, the largest first: cases of a group share a calendar."""


@dataclass(frozen=True)
class Calendars:
    tables: tuple[Published, ...]
    parents: Mapping[str, str | None]
    _known: dict[Group, Calendar] = field(default_factory=dict, repr=False, compare=False)

    def group(self, pack: str, region: str | None) -> Group:
        layers = {table.layer for table in self.tables}
        codes: list[str] = []
        while region is not None and region not in codes:
            codes.append(region)
            region = self.parents.get(region)
        return (pack, *(code for code in reversed(codes) if code in layers))

    def of(self, group: Group) -> Calendar:
        if group not in self._known:
            self._known[group] = layered(load(group[0]), self.tables, group[1:])
        return self._known[group]

    def official_years(self) -> frozenset[int]:
        """Years that a table of the State Council covers, packaged or published."""
        published = (year for table in self.tables if table.layer == NATIONAL for year in table.years)
        return national_calendar().official.years | frozenset(published)

    def with_table(self, table: Published) -> Calendars:
        return replace(self, tables=(*self.tables, table), _known={})

    def without(self, version: str) -> Calendars:
        return replace(self, tables=tuple(t for t in self.tables if t.version != version), _known={})


async def calendars(session: AsyncSession) -> Calendars:
    tables: Sequence[Published] = await in_force(session)
    rows = await session.execute(select(Region.code, Region.parent_code))
    return Calendars(tuple(tables), dict(rows.all()))
