"""Timers and times to live that are written as they are can be checked before anything runs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bpmn.dialect import TIME_TO_LIVE
from bpmn.elements.details import Send
from bpmn.elements.events import MessageDefinition, TimerDefinition
from bpmn.elements.node import Node
from bpmn.errors import Failure, Problem
from bpmn.eventkinds.message import lifetime
from bpmn.lint.problem import at
from bpmn.model import Graph
from bpmn.timer_starts import first, timer_starts
from bpmn.timers.schedule import plan

_ANY_INSTANT = datetime(2026, 1, 1, tzinfo=UTC)


def literals(graph: Graph) -> Iterator[Problem]:
    for node in graph.nodes.values():
        for event in node.events:
            if not isinstance(event, TimerDefinition) or event.value.text.startswith("="):
                continue
            wrong = _wrong(event)
            if wrong is not None:
                yield at("timer-text", node, wrong, "Correct the timer, or write an expression after =.")


def starts(graph: Graph) -> Iterator[Problem]:
    """A process is to begin by it, so its instant must be known when it is deployed."""
    for process_id in graph.processes:
        for timed in timer_starts(graph, process_id):
            if timed.timer.value.expression is None and _wrong(timed.timer) is not None:
                continue  # said by ``literals``
            try:
                first(timed, _ANY_INSTANT)
            except Failure as failure:
                remedy = "Write an instant, a duration or a cycle, or an expression that needs no variables."
                yield at("timer-start", graph.nodes[timed.start.start_event], str(failure), remedy)


def _wrong(timer: TimerDefinition) -> str | None:
    try:
        plan(timer.form, timer.value.text, _ANY_INSTANT, ZoneInfo("UTC"))
    except (ValueError, OverflowError, Failure) as failure:
        return str(failure)
    return None


def times_to_live(graph: Graph) -> Iterator[Problem]:
    for node in graph.nodes.values():
        written = node.properties.get(TIME_TO_LIVE)
        if written is None:
            continue
        if not _publishes(node):
            message = f"{TIME_TO_LIVE} stands on an element that publishes no message."
            yield at("time-to-live", node, message, "Put it on a message throw or end event, or on a send task.")
        elif written.expression is None and lifetime(written.text) is None:
            remedy = "Write an ISO 8601 duration such as PT2H or P3D, or an expression after =."
            yield at("time-to-live", node, f"{written.text!r} is no time to live.", remedy)


def _publishes(node: Node) -> bool:
    if node.job is not None:
        return False
    if node.kind in ("intermediateThrowEvent", "endEvent"):
        return any(isinstance(one, MessageDefinition) for one in node.events)
    return isinstance(node.detail, Send)
