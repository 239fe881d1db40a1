"""The one place where a due date is computed.

Order: the limit runs from day 0; extensions run from the unrolled old end; paused days are given back; the
last day of a calendar-day limit rolls off days off; the cap of another deadline comes last, and never before
the start.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from cases.deadlines.calendar import Calendar
from cases.deadlines.derivation import Line, LineKind, start_line, step_lines, zh_day
from cases.deadlines.extension import Extension, check_extensions
from cases.deadlines.ladder import rung_instants
from cases.deadlines.limit import Limit, Unit
from cases.deadlines.pause import Pause, merged
from cases.deadlines.rule import Rule
from cases.deadlines.walk import Walk, provisional_between, walk
from cases.deadlines.zone import day_of, end_of


@dataclass(frozen=True, slots=True)
class Computation:
    """`due_at` is 24:00 of `due` as the next midnight in Asia/Shanghai, exclusive: at this instant it is too late.

    `unrolled` is the last day before §203 moved it, from which an extension runs. `horizon` is the last day
    whose status any of these instants depends on: a calendar change between `started_on` and `horizon` can move them.
    """

    rule: str
    started_on: date
    due: date
    due_at: datetime
    unrolled: date
    provisional: bool
    limit: Limit
    rungs: Mapping[str, datetime]
    derivation: tuple[Line, ...]
    calendar_version: str
    horizon: date


def compute(
    rule: Rule,
    start: datetime,
    calendar: Calendar,
    *,
    limit: Limit | None = None,
    pauses: Sequence[Pause] = (),
    extensions: Sequence[Extension] = (),
    not_after: date | None = None,
) -> Computation:
    """Raises the errors of cases.deadlines.errors; `limit` is one that an official chose within `rule.settable`."""
    chosen = rule.limit_for(limit)
    check_extensions(rule, chosen, extensions)
    day_0 = day_of(start)
    walked = walk(calendar, day_0, chosen, [extension.limit for extension in extensions], merged(pauses, day_0))
    due = walked.due if not_after is None else max(min(walked.due, not_after), day_0)
    provisional = due > day_0 and provisional_between(calendar, _first_asked(chosen, extensions, walked, day_0), due)
    rungs = rung_instants(calendar, rule.rungs, start, due)
    return Computation(
        rule=rule.name,
        started_on=day_0,
        due=due,
        due_at=end_of(due),
        unrolled=min(walked.end, due),
        provisional=provisional,
        limit=chosen,
        rungs=MappingProxyType(rungs),
        derivation=tuple(_derivation(rule, day_0, walked, due, provisional)),
        calendar_version=calendar.version,
        horizon=max([due, walked.due, *(day_of(instant) for instant in rungs.values())]),
    )


def _first_asked(limit: Limit, extensions: Sequence[Extension], walked: Walk, day_0: date) -> date:
    """The first day whose working status the result rests on: calendar days are counted without asking the
    calendar.
    """
    units = {limit.unit, *(extension.limit.unit for extension in extensions)}
    return walked.end if units == {Unit.CALENDAR_DAY} else day_0


def _derivation(rule: Rule, day_0: date, walked: Walk, due: date, provisional: bool) -> Iterator[Line]:
    year = day_0.year
    yield start_line(day_0, rule.start_zh, bool(walked.steps))
    yield from step_lines(walked.steps, year)
    if walked.due != walked.end:
        yield Line(
            walked.end,
            LineKind.ROLLED,
            f"末日{zh_day(walked.end, year)}为休息日，顺延至{zh_day(walked.due, year)}",
            f"{walked.end} is a day off: rolls to {walked.due}",
        )
    if due != walked.due:
        capped_zh = f"不得晚于{rule.not_after_zh}期限届满之日，即{zh_day(due, year)}"
        yield Line(due, LineKind.CAPPED, capped_zh, f"may not end after {due}")
    yield Line(due, LineKind.DUE, f"{zh_day(due, year)}24:00届满", f"due {due} 24:00 (Asia/Shanghai)")
    if provisional:
        yield Line(
            due,
            LineKind.PROVISIONAL,
            "所涉年度放假安排尚未公布，暂按法定节假日计算",
            "provisional: the holiday table of a year concerned is not published yet",
        )
