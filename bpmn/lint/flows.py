"""Rules about sequence flows."""

from __future__ import annotations

from collections.abc import Iterator

from bpmn.elements.kinds import ACTIVITIES
from bpmn.elements.node import Flow
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
    """§10.3.3: a receive task that instantiates the process must not be a target; §10.6.6: nor does it start a part."""
    for node in graph.nodes.values():
        if node.instantiates and graph.enclosing(node) is not None:
            yield at(
                "instantiate-scope",
                node,
                "It would start a process, but stands in a subprocess.",
                "Set instantiate to false, or use an event subprocess.",
            )
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


def out_of_start_events(graph: Graph) -> Iterator[Problem]:
    """§10.5.2: a start event must be a source, and its flows have no conditions."""
    for node in graph.nodes.values():
        if node.kind != "startEvent":
            continue
        if not node.outgoing:
            yield at("start-outgoing", node, "No sequence flow leaves the start event.", "Lead it to an element.")
        for flow in node.outgoing:
            if flow.condition is not None:
                yield _of_flow(
                    "start-condition",
                    flow,
                    f"The flow out of the start event '{node.name or node.id}' has a condition.",
                    "Let a gateway choose after the start event.",
                )


def into_end_events(graph: Graph) -> Iterator[Problem]:
    """§10.5.3: an end event must be a target, also where nothing but implicit starts begin the scope."""
    for node in graph.nodes.values():
        if node.kind == "endEvent" and not node.incoming and not graph.container(node.parent).starts:
            yield at("end-incoming", node, "No sequence flow leads into the end event.", "Connect or remove it.")


def lone_conditions(graph: Graph) -> Iterator[Problem]:
    """§8.3.13: beside a conditional flow another one must leave the activity, or its end would be left open."""
    for node in graph.nodes.values():
        if node.kind not in ACTIVITIES or len(node.outgoing) != 1:
            continue
        flow = node.outgoing[0]
        if flow.condition is not None and flow.id != node.default:
            yield _of_flow(
                "lone-condition",
                flow,
                f"The only flow out of '{node.name or node.id}' has a condition: where it is false nothing goes on.",
                "Remove the condition, or draw a second flow, as its default or with the opposite condition.",
            )


def _of_flow(rule: str, flow: Flow, message: str, remedy: str) -> Problem:
    return Problem(rule, flow.id, flow.name, flow.line, message, remedy)


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
