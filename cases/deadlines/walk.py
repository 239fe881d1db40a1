"""Walking the days of a clock one by one, so that the date and its explanation come from the same steps."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from cases.deadlines.calendar import Calendar
from cases.deadlines.counting import days_after, roll_forward, shift_working_days, working_days_between
from cases.deadlines.limit import Limit, Unit
from cases.deadlines.pause import PausedDays

_ONE = timedelta(days=1)


class StepKind(StrEnum):
    COUNTED = "counted"
    MAKEUP = "makeup"
    OFF = "off"
    PAUSED = "paused"
    EXTENDED = "extended"
    RESUMED = "resumed"


@dataclass(frozen=True, slots=True)
class Step:
    """`number` is the ordinal of a counted day; `name` the holiday, the reason of the pause or the
    extension's limit.
    """

    day: date
    kind: StepKind
    unit: Unit
    number: int | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Walk:
    """`end` is the last day before rolling; `due` after rolling."""

    end: date
    due: date
    steps: tuple[Step, ...]


def walk(calendar: Calendar, start: date, limit: Limit, added: Sequence[Limit], pauses: Sequence[PausedDays]) -> Walk:
    """Runs `limit`, then each limit of `added` from the unrolled end before it; days of `pauses` do not count."""
    steps: list[Step] = []
    end, number = start, 0
    for place, segment in enumerate((limit, *added)):
        if place:
            steps.append(Step(end, StepKind.EXTENDED, segment.unit, segment.amount))
        for step in _segment(calendar, end, segment, number, pauses):
            steps.append(step)
            end, number = step.day, step.number or number
    unit = (limit, *added)[-1].unit
    rolls = unit is Unit.CALENDAR_DAY and end > start
    due = roll_forward(calendar, end) if rolls else end
    for pause in pauses:
        # A clock stopped on its last day, or while its last day is rolling over days off, still has that day left.
        if end <= pause.stopped <= due:
            end = _resumed_end(calendar, end, unit, pause)
            due = roll_forward(calendar, end)
            steps.append(Step(due, StepKind.RESUMED, unit, name=pause.reason_zh))
    return Walk(end, due, tuple(steps))


def _segment(
    calendar: Calendar, start: date, limit: Limit, number: int, pauses: Sequence[PausedDays]
) -> Iterator[Step]:
    day, left = start, limit.amount
    while left:
        day += _ONE
        pause = next((each for each in pauses if each.stopped < day <= each.resumed), None)
        if pause is not None:
            yield Step(day, StepKind.PAUSED, limit.unit, name=pause.reason_zh)
            continue
        kind, name = StepKind.COUNTED, None
        if limit.unit is Unit.WORKING_DAY:
            status = calendar.is_working(day)
            if not status.working:
                yield Step(day, StepKind.OFF, limit.unit, name=status.name)
                continue
            if status.name is not None:
                kind, name = StepKind.MAKEUP, status.name
        left, number = left - 1, number + 1
        yield Step(day, kind, limit.unit, number, name)


def _resumed_end(calendar: Calendar, end: date, unit: Unit, pause: PausedDays) -> date:
    if unit is Unit.CALENDAR_DAY:
        return end + (pause.resumed - pause.stopped)
    shifted = shift_working_days(calendar, end, working_days_between(calendar, pause.stopped, pause.resumed))
    # Resumed on a day off: the clock cannot have ended before it ran again.
    return roll_forward(calendar, max(shifted, pause.resumed))


def provisional_between(calendar: Calendar, first: date, last: date) -> bool:
    """Whether any day from `first` to `last`, both included, rests on a table that is not official yet."""
    return any(calendar.is_working(day).provisional for day in days_after(first - _ONE, last))
