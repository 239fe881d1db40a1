"""Which processes begin by a timer, and at what instants.

An instant that passed unmet is made up for once, however many passed with it: what is due now is due once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bpmn.elements.details import Receive
from bpmn.elements.events import MessageDefinition, SignalDefinition, TimerDefinition
from bpmn.elements.node import Node
from bpmn.errors import Failure
from bpmn.feel import api as feel
from bpmn.feel.errors import FeelError, told
from bpmn.instance.wait import TimerPlan
from bpmn.model import Graph
from bpmn.run.evaluate import as_json
from bpmn.run.functions import FUNCTIONS, reference
from bpmn.starts import Start
from bpmn.timers.cron import parse_cron
from bpmn.timers.duration import add, parse_duration
from bpmn.timers.schedule import plan


@dataclass(frozen=True, slots=True)
class TimerStart:
    """``index``: which of the start event's definitions the timer is; each counts for itself."""

    start: Start
    index: int
    timer: TimerDefinition
    zone: str


def timer_starts(graph: Graph, process_id: str) -> Iterator[TimerStart]:
    """Where all of several events must come, one alone begins the instance, and the instance waits for the others: a
    message or signal if there is one, since it comes when it likes, else the first timer (§10.5.2, §10.6.6).
    """
    process = graph.processes[process_id]
    for key in (*process.container.starts, *process.container.instantiating):
        node = graph.nodes[key]
        rivals = [graph.nodes[other] for other in process.container.instantiating.get(key, ())]
        if any(_comes(other) or (_timers(other) and _before(graph, other, node)) for other in rivals):
            continue
        together = node.parallel_multiple and len(node.events) > 1
        if together and _comes(node):
            continue
        for index in _timers(node)[: 1 if together else None]:
            timer = node.events[index]
            assert isinstance(timer, TimerDefinition), "chosen as one"
            yield TimerStart(Start(process_id, key, index if together else None), index, timer, process.zone)


def _timers(node: Node) -> list[int]:
    return [index for index, event in enumerate(node.events) if isinstance(event, TimerDefinition)]


def _comes(node: Node) -> bool:
    """Whether something from outside may begin an instance here."""
    return isinstance(node.detail, Receive) or any(
        isinstance(event, (MessageDefinition, SignalDefinition)) for event in node.events
    )


def _before(graph: Graph, one: Node, other: Node) -> bool:
    return graph.positions[one.id] < graph.positions[other.id]


def first(timed: TimerStart, now: datetime) -> TimerPlan:
    """As of the deployment at ``now``; ``at`` is empty for one that never comes. Raises Failure with the reason.

    There is no instance yet, so no variable and no deadline to look at: expressions have FEEL's own functions only.
    """
    zone, value = ZoneInfo(timed.zone), timed.timer.value
    found: object = value.text
    why = ""
    if value.expression is not None:
        try:
            result = feel.evaluate(value.expression, {}, now=now, zone=zone, functions=FUNCTIONS)
        except (FeelError, ArithmeticError, RecursionError) as error:
            raise Failure("timer", f"{value.text} cannot be evaluated: {told(error, value.text)}") from error
        found, why = as_json(result.value), "; ".join(result.warnings)
    if reference(found) is not None:
        raise Failure("timer", f"{value.text} is a deadline of a case, and before a process begins there is no case.")
    try:
        timer = plan(timed.timer.form, found, now, zone)
        if timer.interval and _at(timer, zone, timer.count + 1) <= _at(timer, zone, timer.count):
            raise Failure("timer", f"The cycle {value.text} does not go forward.")
    except (ValueError, OverflowError) as error:
        raise Failure("timer", f"{value.text} leads out of the calendar.") from error
    except Failure as failure:
        raise Failure("timer", f"{failure} ({value.text}: {why})" if why else str(failure)) from failure
    return timer


def after(timer: TimerPlan, now: datetime, zone: ZoneInfo) -> TimerPlan | None:
    """What is left once everything up to ``now`` has been met or made up for; None when that was the last."""
    if not timer.left:
        return None
    if timer.cron:
        cron = parse_cron(timer.cron)
        found = None if cron is None else cron.next(max(now, datetime.fromisoformat(timer.at)), zone)
        return None if found is None else replace(timer, at=found.isoformat())
    count = _furthest(lambda number: _at(timer, zone, number) <= now, timer.count) + 1
    left = timer.left if timer.left < 0 else timer.left - (count - timer.count)
    if timer.left > 0 and left < 0:
        return None
    try:
        return replace(timer, at=_at(timer, zone, count).isoformat(), left=left, count=count)
    except (ValueError, OverflowError):
        return None


def _at(timer: TimerPlan, zone: ZoneInfo, number: int) -> datetime:
    length = parse_duration(timer.interval)
    assert length is not None, "a plan has the interval that it was made of"
    return add(datetime.fromisoformat(timer.anchor), length, zone, number)


def _furthest(reached: Callable[[int], bool], known: int) -> int:
    """The last number for which it holds, ``known`` being one: years of seconds may have passed."""

    def holds(number: int) -> bool:
        try:
            return reached(number)
        except (ValueError, OverflowError):
            return False

    step = 1
    while holds(known + step):
        step *= 2
    low, high = known, known + step
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low
