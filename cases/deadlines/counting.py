"""Counting days: day 0 is the day of the event, the n-th counted day is the last one, and it lasts until 24:00.

民法典 §201 (the first day is not counted) and §203 (a last day off moves to the day after) apply to the
working-day limits of administrative documents by analogy; `N日` without 工作日 is calendar days.
"""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta

from cases.deadlines.calendar import Calendar

_ONE = timedelta(days=1)


def roll_forward(calendar: Calendar, day: date) -> date:
    """`day` itself if it is a working day, else the next working day (民法典 §203)."""
    while not calendar.is_working(day).working:
        day += _ONE
    return day


def shift_working_days(calendar: Calendar, day: date, days: int) -> date:
    """The working day `days` steps after `day`, or before it when negative; zero steps stay on `day`."""
    step = _ONE if days > 0 else -_ONE
    for _ in range(abs(days)):
        day += step
        while not calendar.is_working(day).working:
            day += step
    return day


def working_days_between(calendar: Calendar, start: date, end: date) -> int:
    """Working days after `start` up to and including `end`; zero when `end` is not later."""
    return sum(calendar.is_working(day).working for day in days_after(start, end))


def months_before(day: date, months: int) -> date:
    """The corresponding day so many months earlier; the month's last day where it has none (民法典 §202)."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def days_after(start: date, end: date) -> Iterator[date]:
    day = start + _ONE
    while day <= end:
        yield day
        day += _ONE
