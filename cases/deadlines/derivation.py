"""Why this date: the steps of a count as lines for officer and complainant."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby
from typing import Literal

from cases.deadlines.limit import Unit
from cases.deadlines.walk import Step, StepKind


class LineKind(StrEnum):
    START = "start"
    COUNTED = "counted"
    MAKEUP = "makeup"
    OFF = "off"
    PAUSED = "paused"
    EXTENDED = "extended"
    RESUMED = "resumed"
    ROLLED = "rolled"
    CAPPED = "capped"
    DUE = "due"
    PROVISIONAL = "provisional"


@dataclass(frozen=True, slots=True)
class Line:
    """One reason. `until` is the last day when the line speaks of several days in a row."""

    day: date
    kind: LineKind
    text_zh: str
    text_en: str
    until: date | None = None


def zh_day(day: date, year: int) -> str:
    """`9月18日`, with the year when it is not `year`, the year of the start."""
    return f"{day.month}月{day.day}日" if day.year == year else f"{day.year}年{day.month}月{day.day}日"


def zh_span(first: date, last: date, year: int) -> str:
    return zh_day(first, year) if first == last else f"{zh_day(first, year)}至{zh_day(last, year)}"


def en_span(first: date, last: date) -> str:
    return first.isoformat() if first == last else f"{first.isoformat()} to {last.isoformat()}"


def start_line(day_0: date, start_zh: str, counts: bool) -> Line:
    """The day of the event; `counts`: whether any day follows it."""
    zh = zh_day(day_0, day_0.year)
    if counts:
        return Line(day_0, LineKind.START, f"{zh}{start_zh}，不计入", f"{day_0}: day 0, not counted")
    return Line(day_0, LineKind.START, f"{zh}{start_zh}，当日办理", f"{day_0}: due on the day itself")


def step_lines(steps: Sequence[Step], year: int) -> Iterator[Line]:
    """Days in a row with the same meaning share a line."""
    for (kind, unit, name), members in groupby(steps, key=lambda step: (step.kind, step.unit, step.name)):
        yield _line(kind, unit, name, list(members), year)


def _line(kind: StepKind, unit: Unit, name: str | None, steps: list[Step], year: int) -> Line:
    first, last = steps[0], steps[-1]
    zh, en = zh_span(first.day, last.day, year), en_span(first.day, last.day)
    until = last.day if last.day != first.day else None
    number_zh, number_en = _ordinals(first, last)
    match kind:
        case StepKind.COUNTED | StepKind.MAKEUP if unit is Unit.CALENDAR_DAY or name is None:
            text = f"{zh}，{number_zh}", f"{en}: {number_en}"
        case StepKind.COUNTED | StepKind.MAKEUP:
            text = f"{zh}为调休工作日（{name}），{number_zh}", f"{en}: make-up working day, {number_en}"
        case StepKind.OFF if name is None:
            text = f"{zh}为休息日，不计", f"{en}: weekend, not counted"
        case StepKind.OFF:
            text = f"{zh}为休息日（{name}），不计", f"{en}: day off ({name}), not counted"
        case StepKind.PAUSED:
            text = f"{zh}{_stopped(name)}，不计", f"{en}: clock stopped, not counted"
        case StepKind.EXTENDED:
            amount = first.number or 0
            unit_zh, unit_en = ("个工作日", "working days") if unit is Unit.WORKING_DAY else ("日", "calendar days")
            text = f"自{zh}延长{amount}{unit_zh}", f"extended by {amount} {unit_en} from {en}"
        case StepKind.RESUMED:
            text = f"末日{_stopped(name)}，恢复后至{zh}", f"stopped on its last day, runs on to {en}"
    return Line(first.day, LineKind(kind), *text, until)


def _stopped(reason: str | None) -> str:
    return f"期限中止（{reason}）" if reason else "期限中止"


def _ordinals(first: Step, last: Step) -> tuple[str, str]:
    if first.number == last.number:
        return f"第{first.number}日", f"day {first.number}"
    return f"第{first.number}日至第{last.number}日", f"days {first.number} to {last.number}"


def render(lines: Iterable[Line], language: Literal["zh", "en"] = "zh") -> str:
    """All reasons as one sentence, as letters and pages print it."""
    if language == "zh":
        return "；".join(line.text_zh for line in lines) + "。"
    return "; ".join(line.text_en for line in lines) + "."
