"""Rules about sequence flows."""

from __future__ import annotations

from collections.abc import Iterator

from bpmn.errors import Problem
from bpmn.lint.problem import at
from bpmn.model import Graph


def into_start_events(graph: Graph) -> Iterator[Problem]:
    """§10.5.2: a start event must not be a target."""
    for node in graph.nodes.values():
        if node.kind == "startEvent" and node.incoming:
            yield at(
                "start-incoming", node, "A sequence flow leads into the start event.", "Lead it to the next element."
            )


def into_instantiating_tasks(graph: Graph) -> Iterator[Problem]:
    """§10.3.3: a receive task that instantiates the process must not be a target."""
    for node in graph.nodes.values():
        if node.kind == "receiveTask" and node.instantiates and node.incoming:
            yield at(
                "receive-start",
                node,
                "A sequence flow leads into the receive task that starts the process.",
                "Remove the flow, or set instantiate to false.",
            )


def out_of_end_events(graph: Graph) -> Iterator[Problem]:
    """§10.5.3: an end event must not be a source."""
    for node in graph.nodes.values():
        if node.kind == "endEvent" and node.outgoing:
            yield at(
                "end-outgoing", node, "A sequence flow leaves the end event.", "Use an intermediate event instead."
            )


def default_flows(graph: Graph) -> Iterator[Problem]:
    for node in graph.nodes.values():
        if node.default is not None and all(flow.id != node.default for flow in node.outgoing):
            yield at(
                "default-flow",
                node,
                f"The default flow '{node.default}' does not leave this element.",
                "Choose one of the element's own outgoing flows.",
            )


def unreachable_nodes(graph: Graph) -> Iterator[Problem]:
    """§10.5.2: where a scope has a start event, every other node must be reached by a flow."""
    for node in graph.nodes.values():
        if (
            node.incoming
            or node.instantiates
            or node.kind in ("startEvent", "boundaryEvent", "eventSubProcess")
            or node.for_compensation
        ):
            continue
        if any(event.kind == "link" for event in node.events) and node.kind == "intermediateCatchEvent":
            continue
        parent = graph.enclosing(node)
        if parent is not None and parent.kind == "adHocSubProcess":
            continue
        if graph.container(node.parent).starts:
            yield at("unreachable", node, "No flow leads to the element, so it never runs.", "Connect or remove it.")
