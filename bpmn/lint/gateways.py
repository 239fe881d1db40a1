"""Rules about gateways."""

from __future__ import annotations

from collections.abc import Iterator

from bpmn.elements.node import Node
from bpmn.errors import Problem
from bpmn.lint.problem import at, begin
from bpmn.model import Graph

_CATCHABLE = ("message", "signal", "timer", "conditional")


def conditions(graph: Graph) -> Iterator[Problem]:
    for node in graph.nodes.values():
        if node.kind not in ("exclusiveGateway", "inclusiveGateway") or len(node.outgoing) < 2:
            continue
        for flow in node.outgoing:
            if flow.condition is None and flow.id != node.default:
                yield Problem(
                    "gateway-condition",
                    flow.id,
                    flow.name,
                    flow.line,
                    f"The flow out of gateway '{node.name or node.id}' has no condition and is not its default.",
                    "Write a condition, or make it the default flow.",
                )


def directions(graph: Graph) -> Iterator[Problem]:
    """§10.6.1: a declared direction must fit the flows."""
    for node in graph.nodes.values():
        if node.direction == "Converging" and len(node.outgoing) > 1:
            yield at("gateway-direction", node, "A converging gateway has several outgoing flows.", "Split it in two.")
        if node.direction == "Diverging" and len(node.incoming) > 1:
            yield at("gateway-direction", node, "A diverging gateway has several incoming flows.", "Split it in two.")
        if node.direction == "Mixed" and (len(node.incoming) < 2 or len(node.outgoing) < 2):
            yield at(
                "gateway-direction",
                node,
                "A mixed gateway has several flows on both sides, this one has not.",
                "Write Converging, Diverging or Unspecified.",
            )


def event_based(graph: Graph) -> Iterator[Problem]:
    """§10.6.6: at least two events, which nothing else leads to; messages or receive tasks, not both."""
    for node in graph.nodes.values():
        if node.kind != "eventBasedGateway":
            continue
        targets = [graph.nodes[flow.target] for flow in node.outgoing]
        if len(targets) < 2:
            yield at("event-gateway", node, "The gateway waits for fewer than two events.", "Draw two or more events.")
        receives = [target for target in targets if target.kind == "receiveTask"]
        catches = [target for target in targets if any(event.kind == "message" for event in target.events)]
        if receives and catches:
            yield at(
                "event-gateway-mixed",
                node,
                "Receive tasks and message events follow the same event-based gateway.",
                "Use one of the two.",
            )
        for flow in node.outgoing:
            if flow.condition is not None:
                yield Problem(
                    "event-gateway-condition",
                    flow.id,
                    flow.name,
                    flow.line,
                    f"The flow out of the event-based gateway '{node.name or node.id}' has a condition.",
                    "Remove the condition: the event decides.",
                )
        for target in targets:
            yield from _target(node, target)
        yield from _instantiation(node)


def _instantiation(node: Node) -> Iterator[Problem]:
    """§10.6.6: only a gateway that instantiates may be parallel, and nothing leads to one that does."""
    if node.parallel_race and not node.instantiates:
        yield at("event-gateway-parallel", node, "A parallel event-based gateway must instantiate.", "Set instantiate.")
    if node.instantiates and node.incoming:
        yield at("event-gateway-start", node, "A flow leads to the instantiating gateway.", "Remove the flow.")


def _target(gateway: Node, target: Node) -> Iterator[Problem]:
    catching = target.kind == "intermediateCatchEvent" and all(event.kind in _CATCHABLE for event in target.events)
    if target.kind != "receiveTask" and not catching:
        yield at(
            "event-gateway-target",
            target,
            f"{begin(target.kind)} may not follow the event-based gateway '{gateway.name or gateway.id}'.",
            "Let a message, signal, timer or conditional catch event or a receive task follow it.",
        )
    if len(target.incoming) > 1:
        yield at("event-gateway-target", target, "Other flows lead to it as well.", "Give it one incoming flow.")
    if target.start_listeners:
        yield at("event-gateway-target", target, "The race is over when its start listeners would run.", "Remove them.")
    if target.boundaries:
        yield at("event-gateway-target", target, "The receive task carries a boundary event.", "Remove it.")
