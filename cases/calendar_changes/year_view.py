"""A year as a wall calendar shows it: weeks from Monday, each day with what decides it."""

from __future__ import annotations

import calendar as weeks
from dataclasses import dataclass
from datetime import date
from typing import Literal

from cases.deadlines.calendar import Calendar
from cases.deadlines.errors import UncoveredDay

Mark = Literal["work", "off", "holiday", "makeup", "unknown"]


@dataclass(frozen=True)
class DayCell:
    """``mark``: an ordinary working day, an ordinary day off, a named day off, a make-up working day (调休), or a day
    that neither a table nor the statutory rule decides. ``source`` is the deciding table's version.
    """

    day: date
    mark: Mark
    name: str | None
    provisional: bool
    source: str | None


@dataclass(frozen=True)
class Month:
    """``weeks``: Monday to Sunday, None where the day is of another month. ``working``: its number of working days."""

    number: int
    weeks: tuple[tuple[DayCell | None, ...], ...]
    working: int


def year_view(calendar: Calendar, year: int) -> tuple[Month, ...]:
    return tuple(_month(calendar, year, number) for number in range(1, 13))


def _month(calendar: Calendar, year: int, number: int) -> Month:
    rows = tuple(
        tuple(_cell(calendar, day) if day.month == number else None for day in week)
        for week in weeks.Calendar().monthdatescalendar(year, number)
    )
    working = sum(cell is not None and cell.mark in ("work", "makeup") for week in rows for cell in week)
    return Month(number, rows, working)


def _cell(calendar: Calendar, day: date) -> DayCell:
    try:
        found = calendar.is_working(day)
    except UncoveredDay:
        return DayCell(day, "unknown", None, True, None)
    weekend = day.weekday() >= weeks.SATURDAY
    mark: Mark = "work" if found.working else "off"
    if found.name is not None or found.working == weekend:
        mark = "makeup" if found.working and weekend else "work" if found.working else "holiday"
    return DayCell(day, mark, found.name, found.provisional, found.source)
