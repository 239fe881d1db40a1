"""Rules about compensation (§10.7)."""

from __future__ import annotations

from collections.abc import Iterator

from bpmn.elements.events import CompensateDefinition
from bpmn.elements.kinds import ACTIVITIES, TASKS
from bpmn.elements.node import Node
from bpmn.errors import Problem
from bpmn.lint.problem import at
from bpmn.model import Graph

_THROWING = ("intermediateThrowEvent", "endEvent")


def handlers(graph: Graph) -> Iterator[Problem]:
    for node in graph.nodes.values():
        if node.for_compensation and (node.incoming or node.outgoing):
            yield at("handler-flow", node, "A sequence flow is connected to the compensation handler.", "Remove it.")
        if node.kind != "boundaryEvent" or not any(event.kind == "compensate" for event in node.events):
            continue
        if node.outgoing:
            yield at("compensation-flow", node, "A flow leaves the compensation event.", "Use an association instead.")
        host = graph.nodes.get(node.attached_to or "")
        handler = graph.nodes.get(host.compensation_handler or "") if host is not None else None
        if handler is None:
            yield at(
                "compensation-handler",
                node,
                "No association leads from the compensation event to a handler.",
                "Associate it with an activity that is for compensation.",
            )
        elif not handler.for_compensation or handler.kind not in ACTIVITIES:
            yield at(
                "compensation-handler",
                handler,
                "The handler of a compensation event is not marked as being for compensation.",
                "Set isForCompensation.",
            )


def one_each(graph: Graph) -> Iterator[Problem]:
    """§10.7.1: an activity has one compensation handler: a second event would leave open which."""
    for node in graph.nodes.values():
        events = [
            key for key in node.boundaries if any(event.kind == "compensate" for event in graph.nodes[key].events)
        ]
        for key in events[1:]:
            yield at(
                "compensation-twice",
                graph.nodes[key],
                f"'{node.name or node.id}' has another compensation event.",
                "Keep one of them.",
            )


def unused_handlers(graph: Graph) -> Iterator[Problem]:
    """§10.7.1: a handler is reached by its association alone."""
    used = {node.compensation_handler for node in graph.nodes.values()}
    for node in graph.nodes.values():
        if node.for_compensation and node.id not in used:
            yield at(
                "handler-unused",
                node,
                "It is for compensation, but no compensation event is associated with it: it never runs.",
                "Associate it with the boundary event of what it undoes, or remove isForCompensation.",
            )
        handler = graph.nodes.get(node.compensation_handler or "")
        if handler is not None and handler.parent != node.parent:
            yield at(
                "compensation-handler",
                handler,
                f"The handler lies in another scope than '{node.name or node.id}', which it undoes.",
                "Draw it beside the activity.",
            )


def one_subprocess(graph: Graph) -> Iterator[Problem]:
    """§10.7.1: of several compensation event subprocesses it would be open which one undoes their scope."""
    inner = [node.container for node in graph.nodes.values() if node.container is not None]
    for container in (*(process.container for process in graph.processes.values()), *inner):
        found = [graph.nodes[key] for key in container.nodes if _undoes(graph, key)]
        for node in found[1:]:
            yield at("compensation-twice", node, "Its scope has another compensation event subprocess.", "Keep one.")


def _undoes(graph: Graph, key: str) -> bool:
    node = graph.nodes[key]
    starts = node.container.starts if node.kind == "eventSubProcess" and node.container is not None else ()
    return any(event.kind == "compensate" for start in starts for event in graph.nodes[start].events)


def references(graph: Graph) -> Iterator[Problem]:
    for node in graph.nodes.values():
        if node.kind not in _THROWING:
            continue
        for event in node.events:
            if isinstance(event, CompensateDefinition) and event.activity is not None:
                yield from _reference(graph, node, event.activity)


def _reference(graph: Graph, node: Node, activity: str) -> Iterator[Problem]:
    referred = graph.nodes.get(activity)
    if referred is None:
        return
    called = referred.name or referred.id
    if referred.kind not in ACTIVITIES:
        yield at(
            "compensation-reference",
            node,
            f"activityRef names the {referred.kind} '{referred.id}'.",
            "Refer to an activity.",
        )
    elif not _sees(graph, node, referred):
        yield at(
            "compensation-reference",
            node,
            f"The event cannot undo '{called}', which lies in another scope.",
            "Throw it in the scope of the activity, or in an event subprocess of that scope.",
        )
    elif referred.kind in TASKS and referred.compensation_handler is None:
        yield at(
            "compensation-reference",
            node,
            f"'{called}' cannot be undone: it has no compensation event.",
            "Attach a compensation event with a handler to it.",
        )


def _sees(graph: Graph, node: Node, referred: Node) -> bool:
    """§10.7.2: from the same scope, or from an event subprocess of it; what lies inside counts as well."""
    scope = graph.enclosing(node)
    while scope is not None and scope.kind == "eventSubProcess":
        scope = graph.enclosing(scope)
    top = node.process if scope is None else scope.id
    outer: Node | None = referred
    while outer is not None:
        if outer.parent == top:
            return True
        outer = graph.enclosing(outer)
    return False
