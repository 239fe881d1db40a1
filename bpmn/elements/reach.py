"""Which nodes can still send a token to which incoming flow of a joining gateway (BPMN 2.0.2, §13.4.3)."""

from __future__ import annotations

from collections.abc import Mapping

from bpmn.elements.node import Node

JOINS = ("inclusiveGateway", "parallelGateway", "complexGateway")


def reachability(nodes: Mapping[str, Node]) -> dict[str, dict[str, frozenset[str]]]:
    before = _predecessors(nodes)
    return {
        node.id: {flow.id: _backwards(flow.source, node.id, before) for flow in node.incoming}
        for node in nodes.values()
        if node.kind in JOINS and len(node.incoming) > 1
    }


def _predecessors(nodes: Mapping[str, Node]) -> dict[str, list[str]]:
    before: dict[str, list[str]] = {key: [] for key in nodes}
    for node in nodes.values():
        for flow in node.outgoing:
            if flow.target in before:
                before[flow.target].append(node.id)
        for boundary in node.boundaries:
            before[boundary].append(node.id)
        if node.link_target in before:
            before[node.link_target].append(node.id)
    return before


def _backwards(start: str, avoiding: str, before: Mapping[str, list[str]]) -> frozenset[str]:
    if start == avoiding:
        return frozenset()
    seen = {start: None}
    stack = [start]
    while stack:
        for previous in before.get(stack.pop(), ()):
            if previous != avoiding and previous not in seen:
                seen[previous] = None
                stack.append(previous)
    return frozenset(seen)
