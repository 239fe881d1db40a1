"""Stopping the clock (补正, 中止): the days between are added back.

The day on which the clock stops was still running and counts; the day on which it resumes is day 0 of what is
left. So a pause gives back the days after its first day up to and including its last: pausing and resuming
moves the due day by exactly `working_days_between(stopped, resumed)`, or by the calendar days between for a
limit in calendar days.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from cases.deadlines.errors import BadStart, ClockStopped
from cases.deadlines.zone import day_of


@dataclass(frozen=True, slots=True)
class Pause:
    """`until` is None while the clock stands still."""

    since: datetime
    until: datetime | None
    reason_zh: str = ""


@dataclass(frozen=True, slots=True)
class PausedDays:
    """The clock does not run on the days after `stopped` up to and including `resumed`."""

    stopped: date
    resumed: date
    reason_zh: str


def merged(pauses: Sequence[Pause], start: date) -> tuple[PausedDays, ...]:
    """The pauses as days, in order, overlapping ones joined so that no day is given back twice.

    Raises ClockStopped for an open pause and BadStart for one that ends before it begins.
    """
    days: list[PausedDays] = []
    for pause in sorted(pauses, key=lambda each: each.since):
        if pause.until is None:
            raise ClockStopped(
                f"The clock stands still since {pause.since.isoformat()} ({pause.reason_zh or '期限中止'}); "
                "there is no due date until it resumes."
            )
        if pause.until < pause.since:
            raise BadStart(f"The pause since {pause.since.isoformat()} ends before it begins; correct its end.")
        stopped, resumed = max(day_of(pause.since), start), day_of(pause.until)
        if resumed <= stopped:
            continue
        if days and stopped <= days[-1].resumed:
            last = days[-1]
            more = () if pause.reason_zh in last.reason_zh else (pause.reason_zh,)
            reason = "、".join(filter(None, (last.reason_zh, *more)))
            days[-1] = PausedDays(last.stopped, max(last.resumed, resumed), reason)
        else:
            days.append(PausedDays(stopped, resumed, pause.reason_zh))
    return tuple(days)
