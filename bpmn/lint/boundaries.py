"""Rules about boundary events."""

from __future__ import annotations

from collections.abc import Iterator

from bpmn.elements.kinds import ACTIVITIES
from bpmn.errors import Problem
from bpmn.lint.problem import at
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
            yield at("boundary-host", node, f"The boundary event sits on a {host.kind}.", "Attach it to an activity.")
        elif host.parent != node.parent:
            yield at("boundary-host", node, "The event and its activity lie in different scopes.", "Redraw the event.")


def flows_into(graph: Graph) -> Iterator[Problem]:
    for node in graph.nodes.values():
        if node.kind == "boundaryEvent" and node.incoming:
            yield at("boundary-incoming", node, "A flow leads into the boundary event.", "Remove the flow.")


def same_code_twice(graph: Graph) -> Iterator[Problem]:
    for host in graph.nodes.values():
        seen: dict[tuple[str, str], str] = {}
        for key in host.boundaries:
            for event in graph.nodes[key].events:
                if event.kind not in ("error", "escalation"):
                    continue
                wanted = getattr(event, event.kind)
                code = "" if wanted is None or wanted.code is None else wanted.code.text
                if seen.setdefault((event.kind, code), key) != key:
                    yield at(
                        "same-code-twice",
                        graph.nodes[key],
                        f"Another boundary event of the activity catches the same {event.kind} '{code}'.",
                        "Keep one of them.",
                    )
