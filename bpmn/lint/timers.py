"""Timers that are written as they are can be checked before anything runs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bpmn.elements.events import TimerDefinition
from bpmn.errors import Failure, Problem
from bpmn.lint.problem import at
from bpmn.model import Graph
from bpmn.timers.schedule import plan

_ANY_INSTANT = datetime(2026, 1, 1, tzinfo=UTC)


def literals(graph: Graph) -> Iterator[Problem]:
    for node in graph.nodes.values():
        for event in node.events:
            if not isinstance(event, TimerDefinition) or event.value.text.startswith("="):
                continue
            try:
                plan(event.form, event.value.text, _ANY_INSTANT, ZoneInfo("UTC"))
            except (Failure, OverflowError) as failure:
                yield at("timer-text", node, str(failure), "Correct the timer, or write an expression after =.")
