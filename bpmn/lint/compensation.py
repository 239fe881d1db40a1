"""Rules about compensation (§10.7)."""

from __future__ import annotations

from collections.abc import Iterator

from bpmn.elements.events import CompensateDefinition
from bpmn.elements.kinds import ACTIVITIES
from bpmn.errors import Problem
from bpmn.lint.problem import at
from bpmn.model import Graph


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


def references(graph: Graph) -> Iterator[Problem]:
    for node in graph.nodes.values():
        for event in node.events:
            if isinstance(event, CompensateDefinition) and event.activity is not None:
                referred = graph.nodes.get(event.activity)
                if referred is not None and referred.kind not in ACTIVITIES:
                    yield at(
                        "compensation-reference",
                        node,
                        f"activityRef names the {referred.kind} '{referred.id}'.",
                        "Refer to an activity.",
                    )
