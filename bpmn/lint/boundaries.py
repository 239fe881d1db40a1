"""Rules about boundary events."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bpmn.elements.kinds import ACTIVITIES
from bpmn.errors import Problem
from bpmn.lint.problem import an, at
from bpmn.model import Graph


def hosts(graph: Graph) -> Iterator[Problem]:
    for node in graph.nodes.values():
        if node.kind != "boundaryEvent":
            continue
        host = graph.nodes.get(node.attached_to or "")
        if host is None:
            if not node.attached_to:
                yield at("boundary-host", node, "The event is attached to nothing.", "Attach it to an activity.")
        elif host.kind not in ACTIVITIES:
            yield at("boundary-host", node, f"The boundary event sits on {an(host.kind)}.", "Attach it to an activity.")
        elif host.parent != node.parent:
            yield at("boundary-host", node, "The event and its activity lie in different scopes.", "Redraw the event.")


def flows_into(graph: Graph) -> Iterator[Problem]:
    for node in graph.nodes.values():
        if node.kind == "boundaryEvent" and node.incoming:
            yield at("boundary-incoming", node, "A flow leads into the boundary event.", "Remove the flow.")


def leading_nowhere(graph: Graph) -> Iterator[Problem]:
    """§10.5.4: what it catches must lead somewhere; only a compensation event has a handler instead."""
    for node in graph.nodes.values():
        if node.kind != "boundaryEvent" or node.outgoing or any(event.kind == "compensate" for event in node.events):
            continue
        yield at(
            "boundary-outgoing", node, "No sequence flow leaves the boundary event.", "Say what follows the event."
        )


def same_code_twice(graph: Graph) -> Iterator[Problem]:
    """Of two catches of the same code, on one activity or of one scope, only the first would ever be reached."""
    for host in graph.nodes.values():
        yield from _twice(graph, host.boundaries, "boundary event of the activity")
    for container in (
        *(process.container for process in graph.processes.values()),
        *(node.container for node in graph.nodes.values() if node.container is not None),
    ):
        starts = [
            start
            for key in container.event_subprocesses
            for inner in (graph.nodes[key].container,)
            for start in (inner.starts if inner is not None else ())
        ]
        yield from _twice(graph, starts, "event subprocess of the scope")


def _twice(graph: Graph, catches: Iterable[str], what: str) -> Iterator[Problem]:
    seen: dict[tuple[str, str], str] = {}
    for key in catches:
        for event in graph.nodes[key].events:
            if event.kind not in ("error", "escalation", "cancel"):
                continue
            wanted = getattr(event, event.kind, None)
            code = "" if wanted is None or wanted.code is None else wanted.code.text
            named = f" '{code}'" if code else ""
            if seen.setdefault((event.kind, code), key) != key:
                yield at(
                    "same-code-twice",
                    graph.nodes[key],
                    f"Another {what} catches the same {event.kind}{named}.",
                    "Keep one of them.",
                )
