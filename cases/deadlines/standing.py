"""A clock that stands still has no due date: what is left of it, and since when and why it stands."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from cases.deadlines.calendar import Calendar
from cases.deadlines.counting import working_days_between
from cases.deadlines.derivation import Line, LineKind, start_line, step_lines, zh_day
from cases.deadlines.extension import Extension, check_extensions
from cases.deadlines.limit import Limit, Unit
from cases.deadlines.pause import Pause, merged
from cases.deadlines.rule import Rule
from cases.deadlines.walk import Walk, walk
from cases.deadlines.zone import day_of


@dataclass(frozen=True, slots=True)
class Standing:
    """`left`: what runs from the day after the clock resumes, which is its day 0; never below zero."""

    left: Limit
    derivation: tuple[Line, ...]


def standing(
    rule: Rule,
    start: datetime,
    calendar: Calendar,
    stopped: Pause,
    *,
    limit: Limit | None = None,
    pauses: Sequence[Pause] = (),
    extensions: Sequence[Extension] = (),
) -> Standing:
    """`stopped` is the open pause, `pauses` are the earlier, closed ones. Raises the errors of
    cases.deadlines.errors.
    """
    chosen = rule.limit_for(limit)
    check_extensions(rule, chosen, extensions)
    day_0, today = day_of(start), day_of(stopped.since)
    walked = walk(calendar, day_0, chosen, [extension.limit for extension in extensions], merged(pauses, day_0))
    left = _left(calendar, chosen.unit, today, walked)
    return Standing(left, tuple(_derivation(rule, day_0, today, walked, left, stopped.reason_zh)))


def _left(calendar: Calendar, unit: Unit, today: date, walked: Walk) -> Limit:
    if unit is Unit.WORKING_DAY:
        return Limit(working_days_between(calendar, today, walked.due), unit)
    return Limit(max((walked.end - today).days, 0), unit)


def _derivation(rule: Rule, day_0: date, today: date, walked: Walk, left: Limit, reason: str) -> Iterator[Line]:
    yield start_line(day_0, rule.start_zh, bool(walked.steps))
    yield from step_lines([step for step in walked.steps if step.day <= today], day_0.year)
    zh = zh_day(today, day_0.year)
    why = f"（{reason}）" if reason else ""
    left_zh, left_en = _runs_on(walked.due, today, left)
    yield Line(today, LineKind.PAUSED, f"{zh}起期限中止{why}，{left_zh}", f"{today}: clock stopped; {left_en}")


def _runs_on(due: date, today: date, left: Limit) -> tuple[str, str]:
    if today > due:
        return f"期限此前已于{zh_day(due, today.year)}届满，中止不使其恢复", f"it had ended on {due}, and stays ended"
    if not left.amount:
        return "当日为末日，至恢复之日届满", "this was its last day: it ends on the day it resumes"
    return (
        f"尚余{left.zh}，自恢复之日的次日起继续计算",
        f"{left.en} left, which run on from the day after it resumes",
    )
