"""Rules about events: which definition may stand where."""

from __future__ import annotations

from collections.abc import Iterator

from bpmn.elements.node import Node
from bpmn.errors import Problem
from bpmn.eventkinds.table import KINDS
from bpmn.lint.problem import at, begin
from bpmn.model import Graph

PLACES = {
    "intermediateCatchEvent": "catch",
    "intermediateThrowEvent": "throw",
    "boundaryEvent": "boundary",
    "endEvent": "end",
}
WORDS = {
    "start": "a start event of a process",
    "substart": "a start event of an event subprocess",
    "inner": "a start event of an embedded subprocess",
    "catch": "an intermediate catch event",
    "throw": "an intermediate throw event",
    "boundary": "a boundary event",
    "end": "an end event",
}


def place(graph: Graph, node: Node) -> str | None:
    if node.kind != "startEvent":
        return PLACES.get(node.kind)
    parent = graph.enclosing(node)
    if parent is None:
        return "start"
    return "substart" if parent.kind == "eventSubProcess" else "inner"


def positions(graph: Graph) -> Iterator[Problem]:
    for node in graph.nodes.values():
        where = place(graph, node)
        for event in node.events:
            if where is not None and where not in KINDS[event.kind].positions:
                yield at(
                    "event-position",
                    node,
                    f"{begin(event.kind)} event definition may not stand on {WORDS[where]}.",
                    _what_may(where),
                )


def _what_may(where: str) -> str:
    fitting = [kind.kind for kind in KINDS.values() if where in kind.positions]
    if not fitting:
        return "Remove the definition: the flow of the parent starts it."
    return f"On {WORDS[where]} may stand: {', '.join(fitting)}."


def missing_definitions(graph: Graph) -> Iterator[Problem]:
    for node in graph.nodes.values():
        where = place(graph, node)
        if where in ("catch", "boundary", "substart") and not node.events:
            yield at(
                "event-definition", node, f"{WORDS[where].capitalize()} has no event definition.", "Say what it is."
            )


def always_interrupting(graph: Graph) -> Iterator[Problem]:
    """§10.5.6: an error, the cancelling of a transaction, and the undoing of what is over always interrupt."""
    for node in graph.nodes.values():
        where = place(graph, node)
        if not node.interrupting and where in ("substart", "boundary"):
            for event in node.events:
                if KINDS[event.kind].interrupts or (event.kind == "compensate" and where == "substart"):
                    yield at(
                        "must-interrupt",
                        node,
                        f"{begin(event.kind)} event that does not interrupt is not possible.",
                        "Make the event interrupting.",
                    )


def thrown_codes(graph: Graph) -> Iterator[Problem]:
    """§10.5.3: what is thrown must say its code; only a catch may leave it open."""
    for node in graph.nodes.values():
        if node.kind not in ("endEvent", "intermediateThrowEvent"):
            continue
        for event in node.events:
            if event.kind in ("error", "escalation"):
                thrown = getattr(event, event.kind)
                if thrown is None or thrown.code is None:
                    yield at("thrown-code", node, f"The event throws an {event.kind} without a code.", "Choose a code.")


def cancel_places(graph: Graph) -> Iterator[Problem]:
    """§10.5.6: cancel events belong to a transaction."""
    for node in graph.nodes.values():
        if not any(event.kind == "cancel" for event in node.events):
            continue
        if node.kind == "boundaryEvent":
            host = graph.nodes.get(node.attached_to or "")
            fits = host is None or host.kind == "transaction"
        else:
            fits = _in_transaction(graph, node)
        if not fits:
            yield at("cancel-place", node, "The cancel event belongs to no transaction.", "Use it with a transaction.")


def _in_transaction(graph: Graph, node: Node) -> bool:
    parent = graph.enclosing(node)
    while parent is not None:
        if parent.kind == "transaction":
            return True
        parent = graph.enclosing(parent)
    return False
