"""Rules about processes and their collaboration."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from bpmn.elements.details import Call
from bpmn.elements.kinds import ACTIVITIES
from bpmn.elements.reach import MAXIMUM_WORK, work
from bpmn.errors import Problem
from bpmn.lint.problem import at
from bpmn.model import Graph

MAXIMUM_NODES = 20_000
_SENDING = frozenset({"endEvent", "intermediateThrowEvent"})
_RECEIVING = frozenset({"startEvent", "intermediateCatchEvent", "boundaryEvent"})


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


def called(graph: Graph) -> Iterator[Problem]:
    """§10.3.6: a process that is called must have a start event without a trigger."""
    for node in graph.nodes.values():
        if not isinstance(node.detail, Call) or node.detail.binding != "deployment":
            continue
        process = graph.processes.get(node.detail.process_id.text)
        if process is not None and not process.container.initial:
            yield at(
                "called-start",
                node,
                f"The called process '{process.name or process.id}' starts by events only.",
                "Give it a start event without a trigger.",
            )


def size(graph: Graph) -> Iterator[Problem]:
    """A model that no diagram shows any more would hold the worker for minutes."""
    if len(graph.nodes) > MAXIMUM_NODES or work(graph.nodes) > MAXIMUM_WORK:
        for process in graph.processes.values():
            yield Problem(
                "model-size",
                process.id,
                process.name,
                process.line,
                f"The file has {len(graph.nodes)} elements, or too many joining flows for its size.",
                f"Keep a file below {MAXIMUM_NODES} elements: part it by call activities.",
            )
            return


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
    """§9.3: a message flow connects two participants, at elements that can send and receive."""
    for flow in graph.message_flows:
        if flow.pools[0] and flow.pools[0] == flow.pools[1]:
            yield Problem(
                "message-flow",
                flow.id,
                "",
                flow.line,
                "The message flow starts and ends in the same participant.",
                "Use a sequence flow inside a participant.",
            )
        for key, events, verb in ((flow.source, _SENDING, "send"), (flow.target, _RECEIVING, "receive")):
            node = graph.nodes.get(key)
            if node is None or node.kind in ACTIVITIES:
                continue
            kinds = {event.kind for event in node.events}
            if node.kind not in events or (kinds and "message" not in kinds):
                yield Problem(
                    "message-flow-end",
                    flow.id,
                    "",
                    flow.line,
                    f"The {node.kind} '{node.name or node.id}' cannot {verb} a message.",
                    "Connect the message flow to an activity, a message event or a participant.",
                )
