"""A migration plan against its two models, before any case: what matches by itself, and what can never fit.

A plan maps ids of nodes and flows of one process to ids of another; an id that it leaves out stays the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bpmn.elements.node import Node
from bpmn.errors import Problem
from bpmn.model import Graph

RULE = "migration"


@dataclass(frozen=True, slots=True)
class Match:
    """``elements``: ids that mean the same in both. ``unmatched``: nodes without, each with a likely target's id."""

    elements: Mapping[str, str]
    unmatched: tuple[tuple[Node, str], ...]


def match(source: Graph, process: str, target: Graph, to_process: str) -> Match:
    """By id, kind and place; names only suggest."""
    elements: dict[str, str] = {}
    unmatched: list[tuple[Node, str]] = []
    for node in _nodes(source, process):
        if element_problem(node, target, process, to_process, {}) is None:
            elements[node.id] = node.id
        else:
            unmatched.append((node, _namesake(node, target, to_process)))
    for flow in source.flows.values():
        if source.nodes[flow.source].process == process and flow.id in target.flows:
            elements[flow.id] = flow.id
    return Match(elements, tuple(unmatched))


def _namesake(node: Node, target: Graph, to_process: str) -> str:
    found = [
        other.id
        for other in _nodes(target, to_process)
        if other.kind == node.kind and other.name == node.name and other.name
    ]
    return found[0] if len(found) == 1 else ""


def _nodes(graph: Graph, process: str) -> Iterator[Node]:
    return (node for node in graph.nodes.values() if node.process == process)


def plan_problems(
    source: Graph, process: str, target: Graph, to_process: str, mapping: Mapping[str, str]
) -> tuple[Problem, ...]:
    """Everything that no case could ever pass, in the order of the source model."""
    found = [
        Problem(RULE, key, "", 0, f"The old model has no element '{key}'.", "Take the line out of the plan.")
        for key in mapping
        if key not in source.flows and (key not in source.nodes or source.nodes[key].process != process)
    ]
    for node in _nodes(source, process):
        if node.id in mapping:
            problem = element_problem(node, target, process, to_process, mapping)
            if problem is not None:
                found.append(problem)
    for flow in source.flows.values():
        to = mapping.get(flow.id)
        if to is not None and to not in target.flows:
            message = f"The flow '{flow.name or flow.id}' would become '{to}', which is no flow of the new model."
            found.append(Problem(RULE, flow.id, flow.name, flow.line, message, "Name a sequence flow, or none."))
    return tuple(found)


def element_problem(
    old: Node, target: Graph, process: str, to_process: str, mapping: Mapping[str, str]
) -> Problem | None:
    """Why a token at ``old`` cannot go where the plan sends it."""
    to = mapping.get(old.id, old.id)
    new = target.nodes.get(to)
    if new is None:
        named = f"has no element '{to}'" if to != old.id else "has no such element"
        return _problem(old, f"The new model {named}.", "Map it to an element of the same kind.")
    if new.process != to_process:
        return _problem(old, f"It would move to '{to}', which is in another process.", "Name one of this process.")
    if new.kind != old.kind:
        message = f"It is a {old.kind} and cannot become the {new.kind} '{to}'."
        return _problem(old, message, f"Map it to a {old.kind}, or let the cases leave it first.")
    parent = to_process if old.parent == process else mapping.get(old.parent, old.parent)
    if new.parent != parent:
        remedy = "Map its subprocess to the one that it lies in, or choose an element of the same scope."
        return _problem(old, f"It would move to '{to}', which lies in another scope.", remedy)
    if type(new.loop) is not type(old.loop):
        message = f"It would begin or cease to be a loop as '{to}'."
        return _problem(old, message, "Map it to an element with the same kind of loop.")
    return None


def _problem(node: Node, message: str, remedy: str) -> Problem:
    return Problem(RULE, node.id, node.name, node.line, message, remedy)
