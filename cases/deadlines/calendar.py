"""Which day is a working day: layered day tables.

A day is decided by the first layer that speaks:

1. an explicit row of the official table of its year (holiday, or 调休 make-up working day);
2. an explicit row of an overlay; of several overlays the one added last (the most local) is asked first;
3. the weekday rule: Monday to Friday work; in a year without an official table the statutory days are off too.

So a local table adds days off or working days to ordinary days, and never undoes what the State Council
named; rows that try are listed by `outranked()`, for whoever imports the table. A day is provisional when its
year has no official table, or when an overlay of the calendar says nothing about that year.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from cases.deadlines.errors import BadCalendar
from cases.deadlines.statutory import statutory_days

_SATURDAY = 5


class DayKind(StrEnum):
    HOLIDAY = "holiday"
    WORKDAY = "workday"


@dataclass(frozen=True, slots=True)
class DayRow:
    """One published exception to the weekday rule."""

    day: date
    kind: DayKind
    name: str


@dataclass(frozen=True, slots=True)
class Day:
    """`name` is set when a row or a statutory day decided; `source` names the deciding layer."""

    working: bool
    provisional: bool
    name: str | None
    source: str


@dataclass(frozen=True, slots=True)
class DayTable:
    """Rows of one published source. `years` are the years it speaks for: silence about another year means nothing."""

    version: str
    years: frozenset[int]
    rows: Mapping[date, DayRow]

    @classmethod
    def of(cls, version: str, rows: Iterable[DayRow], years: Iterable[int] | None = None) -> "DayTable":
        """Without `years`, those of the rows. Raises BadCalendar for two different rows of a day or a row
        outside `years`.
        """
        by_day: dict[date, DayRow] = {}
        for row in rows:
            if by_day.setdefault(row.day, row) != row:
                raise BadCalendar(
                    f"Table {version} names {row.day} twice with different meanings; keep one row for it."
                )
        covered = frozenset(years) if years is not None else frozenset(day.year for day in by_day)
        stray = sorted(day for day in by_day if day.year not in covered)
        if stray:
            raise BadCalendar(
                f"Table {version} has a row for {stray[0]}, a year it does not cover; add the year or drop the row."
            )
        return cls(version, covered, MappingProxyType(by_day))


@dataclass(frozen=True, slots=True)
class Calendar:
    official: DayTable
    overlays: tuple[DayTable, ...] = ()
    _known: dict[date, Day] = field(default_factory=dict, repr=False, compare=False)

    @property
    def version(self) -> str:
        """Identifies every layer, so that a stored deadline tells which tables it was counted with."""
        return "+".join((self.official.version, *(overlay.version for overlay in self.overlays)))

    def with_overlay(self, overlay: DayTable) -> "Calendar":
        """This calendar with a more local table on top of its overlays."""
        return Calendar(self.official, (*self.overlays, overlay))

    def with_official(self, table: DayTable) -> "Calendar":
        """This calendar with another official table, as on publication of a new year."""
        return Calendar(table, self.overlays)

    def is_working(self, day: date) -> Day:
        """Raises UncoveredDay where neither an official table nor a statutory rule speaks."""
        known = self._known.get(day)
        if known is None:
            # A pure memo of a pure function: two threads that race here store equal values.
            known = self._known[day] = self._decide(day)
        return known

    def outranked(self) -> tuple[tuple[DayRow, DayRow], ...]:
        """Pairs (overlay row, official row) where the overlay contradicts a named official day and so has no
        effect.
        """
        pairs = [
            (row, named)
            for overlay in self.overlays
            for day, row in sorted(overlay.rows.items())
            if (named := self.official.rows.get(day)) is not None and named.kind != row.kind
        ]
        return tuple(pairs)

    def _decide(self, day: date) -> Day:
        covered = day.year in self.official.years
        provisional = not covered or any(day.year not in overlay.years for overlay in self.overlays)
        for table in (self.official, *reversed(self.overlays)):
            row = table.rows.get(day)
            if row is not None:
                return Day(row.kind is DayKind.WORKDAY, provisional, row.name, table.version)
        weekend = day.weekday() >= _SATURDAY
        if covered:
            return Day(not weekend, provisional, None, self.official.version)
        name = statutory_days(day.year).get(day)
        return Day(not weekend and name is None, provisional, name, "statutory")
