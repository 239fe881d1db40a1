"""When the rungs of a ladder fall: on working mornings around the due day, since nobody is reminded on a day off."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from cases.deadlines.calendar import Calendar
from cases.deadlines.counting import roll_forward, shift_working_days
from cases.deadlines.limit import Limit, Unit
from cases.deadlines.rule import Rung
from cases.deadlines.zone import at, end_of


def rung_instants(calendar: Calendar, rungs: Sequence[Rung], start: datetime, due: date) -> dict[str, datetime]:
    """Instant per rung name, in the order of the ladder.

    A rung before the due day that would not come after `start` moves to the morning of the due day; if that
    too is past, or the due day is off, the rung is left out: a limit too short for a reminder has none.
    """
    instants: dict[str, datetime] = {}
    for rung in rungs:
        instant = _instant(calendar, rung, due)
        if rung.offset.amount < 0 and instant <= start:
            instant = at(due, rung.at)
            if instant <= start or not calendar.is_working(due).working:
                continue
        instants[rung.name] = instant
    return instants


def _instant(calendar: Calendar, rung: Rung, due: date) -> datetime:
    if rung.offset.amount == 0:
        return end_of(due)
    return at(_shifted(calendar, due, rung.offset), rung.at)


def _shifted(calendar: Calendar, due: date, offset: Limit) -> date:
    if offset.unit is Unit.WORKING_DAY:
        return shift_working_days(calendar, due, offset.amount)
    day = due + timedelta(days=offset.amount)
    if offset.amount > 0:
        return roll_forward(calendar, day)
    # A reminder that falls on a day off comes on the working day before it, never later than meant.
    return day if calendar.is_working(day).working else shift_working_days(calendar, day, -1)
