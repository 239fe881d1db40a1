"""A circle that every token must run through again without ever waiting is an endless loop."""

from __future__ import annotations

from collections.abc import Iterator

from bpmn.elements.details import Script, Send
from bpmn.elements.node import Node
from bpmn.errors import Problem
from bpmn.lint.problem import at
from bpmn.model import Graph

_PASSING = frozenset(
    {
        "task",
        "manualTask",
        "intermediateThrowEvent",
        "exclusiveGateway",
        "inclusiveGateway",
        "parallelGateway",
    }
)


def endless_loops(graph: Graph) -> Iterator[Problem]:
    ahead = {node.id: _always(graph, node) for node in graph.nodes.values()}
    finished: dict[str, None] = {}
    reported: dict[str, None] = {}
    for start in ahead:
        path: dict[str, None] = {}
        stack: list[tuple[str, int]] = [(start, 0)]
        while stack:
            key, index = stack.pop()
            if index == 0:
                if key in finished:
                    continue
                path[key] = None
            if index < len(ahead[key]):
                stack.append((key, index + 1))
                following = ahead[key][index]
                if following in path:
                    if following not in reported:
                        reported[following] = None
                        yield at(
                            "endless-loop",
                            graph.nodes[following],
                            "A loop leads back here without a wait and without a condition that ends it.",
                            "Put a wait or a condition into the loop.",
                        )
                elif following not in finished:
                    stack.append((following, 0))
            else:
                path.pop(key, None)
                finished[key] = None


def _always(graph: Graph, node: Node) -> tuple[str, ...]:
    """Where a token surely goes on from here within the same step."""
    passes = node.kind in _PASSING or isinstance(node.detail, (Script, Send))
    joins = node.kind == "parallelGateway" and len(node.incoming) > 1
    quiet = node.kind != "intermediateThrowEvent" or all(event.kind != "compensate" for event in node.events)
    if not passes or joins or node.job is not None or not quiet or node.loop is not None:
        return ()
    if node.link_target is not None:
        return (node.link_target,)
    if node.kind in ("exclusiveGateway", "inclusiveGateway") and len(node.outgoing) > 1:
        return ()
    return tuple(
        flow.target
        for flow in node.outgoing
        if (flow.condition is None or node.kind == "parallelGateway") and flow.id != node.default
    )
