"""Rules about processes and their collaboration."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from bpmn.errors import Problem
from bpmn.model import Graph


def content(graph: Graph) -> Iterator[Problem]:
    for process in graph.processes.values():
        container = process.container
        if not (container.initial or container.starts or container.instantiating):
            yield Problem(
                "empty-process",
                process.id,
                process.name,
                process.line,
                "Nothing in the process can start.",
                "Draw a start event and what follows it.",
            )


def time_zone(graph: Graph) -> Iterator[Problem]:
    for process in graph.processes.values():
        try:
            ZoneInfo(process.zone)
        except (ValueError, OSError):
            yield Problem(
                "time-zone",
                process.id,
                process.name,
                process.line,
                f"'{process.zone}' is no time zone.",
                "Write a name such as Asia/Shanghai.",
            )


def message_flows(graph: Graph) -> Iterator[Problem]:
    """§9.3: a message flow connects two participants."""
    for flow in graph.message_flows:
        ends = [graph.nodes.get(flow.source), graph.nodes.get(flow.target)]
        if ends[0] is not None and ends[1] is not None and ends[0].process == ends[1].process:
            yield Problem(
                "message-flow",
                flow.id,
                "",
                ends[0].line,
                "The message flow starts and ends in the same participant.",
                "Use a sequence flow inside a participant.",
            )
