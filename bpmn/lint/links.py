"""Rules about link events (§10.5.5)."""

from __future__ import annotations

from collections.abc import Iterator

from bpmn.elements.events import LinkDefinition
from bpmn.errors import Problem
from bpmn.lint.problem import at
from bpmn.model import Graph


def pairs(graph: Graph) -> Iterator[Problem]:
    throws: dict[tuple[str, str], int] = {}
    catches: dict[tuple[str, str], int] = {}
    links = [
        (node, (node.parent, event.name))
        for node in graph.nodes.values()
        for event in node.events
        if isinstance(event, LinkDefinition)
    ]
    for node, key in links:
        table = catches if node.kind == "intermediateCatchEvent" else throws
        table[key] = table.get(key, 0) + 1
    for node, key in links:
        if node.kind == "intermediateThrowEvent" and key not in catches:
            yield at("link-target", node, f"No link '{key[1]}' is caught in this scope.", "Draw the catching event.")
        if node.kind == "intermediateCatchEvent" and key not in throws:
            yield at("link-source", node, f"No link '{key[1]}' is thrown in this scope.", "Draw the throwing event.")
        if node.kind == "intermediateCatchEvent" and catches[key] > 1:
            yield at("link-twice", node, f"The link '{key[1]}' is caught more than once.", "Keep one catching event.")


def flows_of_links(graph: Graph) -> Iterator[Problem]:
    for node in graph.nodes.values():
        if not any(event.kind == "link" for event in node.events):
            continue
        if len(node.events) > 1:
            yield at("link-alone", node, "A link stands beside another event definition.", "Keep the link alone.")
        if node.kind == "intermediateThrowEvent" and node.outgoing:
            yield at("link-flow", node, "A flow leaves the throwing link event.", "Remove the flow.")
        if node.kind == "intermediateCatchEvent" and node.incoming:
            yield at("link-flow", node, "A flow leads into the catching link event.", "Remove the flow.")
