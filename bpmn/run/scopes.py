"""Scopes open."""

from __future__ import annotations

from collections.abc import Iterable

from bpmn.instance.scope import Scope
from bpmn.instance.token import Token
from bpmn.run.listeners import holds_back
from bpmn.run.run import Run
from bpmn.values import Json


def open_scope(
    run: Run,
    owner: Token,
    kind: str,
    element: str,
    initial: Iterable[str],
    *,
    caught: dict[str, Json] | None = None,
) -> Scope:
    """A scope inside the activity that ``owner`` stands in. Its first token arms the scope's event subprocesses."""
    outer = run.scopes[owner.scope]
    scope = Scope(run.key(), kind, element, outer.process, outer.graph, outer.key, owner.key)
    run.new_scope(scope)
    run.edit_token(owner.key).inner = scope.key
    start(run, scope, initial, caught)
    return scope


def start(run: Run, scope: Scope, initial: Iterable[str], caught: dict[str, Json] | int | None = None) -> None:
    """``caught``: what the first token's event brought, or which one of its event definitions was caught."""
    container = run.graphs[scope.graph].container(scope.element)
    for name in container.data:
        scope.variables.setdefault(name, None)
    names = tuple(initial)
    if holds_back(run, scope, names, caught):
        return
    tokens = [run.new_token(scope.key, node) for node in names]
    for index, token in enumerate(tokens):
        if index == 0:
            run.push("open", token, caught)
        else:
            run.push("enter", token)
