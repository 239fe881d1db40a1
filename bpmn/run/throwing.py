"""Errors and escalations look for their catcher, from the innermost scope outwards (§10.5.7, §13.5.3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bpmn.elements.events import ErrorCode
from bpmn.elements.node import Node
from bpmn.instance.token import Token
from bpmn.run.catching import boundary, event_subprocess
from bpmn.run.evaluate import json_at, plain
from bpmn.run.run import Run
from bpmn.values import Json


@dataclass(frozen=True, slots=True)
class Catcher:
    """``host`` is the token whose boundary catches, 0 for an event subprocess of ``scope``."""

    node: Node
    host: int
    scope: int


def find_catcher(run: Run, token: Token, kind: str, code: str) -> Catcher | None:
    inside = ""
    while True:
        graph = run.graph(token.scope)
        node = graph.nodes[token.node]
        # A loop's boundary events stand on its body, not on each instance.
        if node.boundaries and not token.index:
            found = _match((graph.nodes[key] for key in node.boundaries), kind, code)
            if found is not None:
                return Catcher(found, token.key, token.scope)
        if node.kind == "eventSubProcess":
            inside = node.id
        scope = run.scopes[token.scope]
        if not scope.interrupted and scope.kind not in ("loop", "compensation"):
            # A handler does not catch what it throws itself.
            starts = (
                graph.nodes[start]
                for key in graph.container(scope.element).event_subprocesses
                if key != inside
                for start in _starts(graph, key)
            )
            found = _match(starts, kind, code)
            if found is not None:
                return Catcher(found, 0, scope.key)
        if not scope.owner:
            return None
        inside = ""
        token = run.tokens[scope.owner]


def _starts(graph: Any, key: str) -> tuple[str, ...]:
    return graph.nodes[key].container.starts  # type: ignore[no-any-return]


def _match(nodes: Iterable[Node], kind: str, code: str) -> Node | None:
    """The exact code wins over a catch-all that stands before it."""
    any_code = None
    for node in nodes:
        for definition in node.events:
            if definition.kind != kind:
                continue
            wanted: ErrorCode | None = getattr(definition, kind)
            if wanted is None or wanted.code is None:
                any_code = any_code or node
            elif wanted.code.text == code:
                return node
    return any_code


def deliver(run: Run, catcher: Catcher, variables: Mapping[str, Json]) -> None:
    if catcher.host:
        boundary(run, run.tokens[catcher.host], catcher.node, variables)
    else:
        event_subprocess(run, catcher.scope, catcher.node, variables)


def thrown_code(run: Run, token: Token, definition: ErrorCode | None) -> str:
    if definition is None or definition.code is None:
        return ""
    return plain(json_at(run, definition.code, token))
