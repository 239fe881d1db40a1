"""Which nodes can still send a token to which incoming flow of a joining gateway (BPMN 2.0.2, §13.4.3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bpmn.elements.node import Node

JOINS = ("inclusiveGateway", "complexGateway")
# Joining flows times nodes: what is walked and kept at deployment. A few seconds of a worker.
MAXIMUM_WORK = 10_000_000

# One bit for each node of the file, by its position: a set of names would cost a hundred times as much.
Reach = Mapping[str, Mapping[str, bytes]]


def holds(bits: bytes, position: int) -> bool:
    return bool(bits[position >> 3] >> (position & 7) & 1)


def work(nodes: Mapping[str, Node]) -> int:
    return len(nodes) * sum(len(node.incoming) for node in nodes.values() if _joins(node))


def reachability(nodes: Mapping[str, Node], positions: Mapping[str, int]) -> Reach:
    if work(nodes) > MAXIMUM_WORK:
        # The file is refused for its size.
        return {}
    before = _predecessors(nodes)
    return {
        node.id: {flow.id: _bits(_backwards(flow.source, node.id, before), positions) for flow in node.incoming}
        for node in nodes.values()
        if _joins(node)
    }


def _joins(node: Node) -> bool:
    return node.kind in JOINS and len(node.incoming) > 1


def _bits(names: Iterable[str], positions: Mapping[str, int]) -> bytes:
    bits = bytearray(len(positions) // 8 + 1)
    for name in names:
        position = positions[name]
        bits[position >> 3] |= 1 << (position & 7)
    return bytes(bits)


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


def _backwards(start: str, avoiding: str, before: Mapping[str, list[str]]) -> Iterable[str]:
    if start == avoiding:
        return ()
    seen = {start: None}
    stack = [start]
    while stack:
        for previous in before.get(stack.pop(), ()):
            if previous != avoiding and previous not in seen:
                seen[previous] = None
                stack.append(previous)
    return seen
