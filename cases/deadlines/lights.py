"""Lights of a running clock: green, yellow when little is left, red when overdue."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction

from cases.deadlines.calendar import Calendar
from cases.deadlines.counting import working_days_between
from cases.deadlines.zone import day_of


class Light(StrEnum):
    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


@dataclass(frozen=True, slots=True)
class Yellow:
    """Yellow when at most `working_days` are left, or at most `share` of the whole time from start to due."""

    working_days: int = 1
    share: Fraction = Fraction(0)


def light(now: datetime, start: datetime, due_at: datetime, calendar: Calendar, yellow: Yellow | None = None) -> Light:
    """All instants with a zone; `due_at` is exclusive, so the due instant itself is red."""
    if now >= due_at:
        return Light.RED
    terms = yellow or Yellow()
    last_day = day_of(due_at - timedelta(microseconds=1))
    if working_days_between(calendar, day_of(now), last_day) <= terms.working_days:
        return Light.YELLOW
    if terms.share and Fraction((due_at - now) / (due_at - start)) <= terms.share:
        return Light.YELLOW
    return Light.GREEN
