"""Variables as Zeebe scopes them: read from the innermost scope outwards, written where the name already lives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

from bpmn.instance.token import Token
from bpmn.run.run import Run
from bpmn.values import Json

Layer = dict[str, Json]


class Visible(Mapping[str, Any]):
    """The layers that a scope sees, innermost first, without merging them: most expressions read one or two names."""

    __slots__ = ("layers",)

    def __init__(self, layers: list[Layer]) -> None:
        self.layers = layers

    def __getitem__(self, name: str) -> Json:
        found: dict[str, Json] | None = None
        for layer in self.layers:
            if name in layer:
                # An inner deadline must not hide the outer ones: the one variable that merges by entry.
                inner: Any = layer[name]
                if name != "deadlines" or not isinstance(inner, dict):
                    return cast(Json, inner if found is None else found)
                found = inner if found is None else {**inner, **found}
        if found is None:
            raise KeyError(name)
        return found

    def __contains__(self, name: object) -> bool:
        return any(name in layer for layer in self.layers)

    def __iter__(self) -> Iterator[str]:
        names: dict[str, None] = {}
        for layer in self.layers:
            names.update(dict.fromkeys(layer))
        return iter(names)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def layers_of(run: Run, scope_key: int, token: Token | None = None) -> list[Layer]:
    found: list[Layer] = []
    while True:
        if token is not None:
            if token.locals:
                found.append(token.locals)
            if token.carry:
                found.append(token.carry)
        scope = run.scopes[scope_key]
        if scope.variables:
            found.append(scope.variables)
        if scope.kind == "process" or not scope.owner:
            return found
        token = run.tokens.get(scope.owner)
        scope_key = scope.parent


def visible(run: Run, token: Token) -> Mapping[str, Json]:
    found = layers_of(run, token.scope, token)
    return found[0] if len(found) == 1 else Visible(found)


def visible_in(run: Run, scope_key: int) -> Mapping[str, Json]:
    found = layers_of(run, scope_key)
    return found[0] if len(found) == 1 else Visible(found)


def snapshot(run: Run, token: Token) -> dict[str, Json]:
    return dict(visible(run, token))


def assign(run: Run, token: Token, variables: Mapping[str, Json], *, from_local: bool = True) -> None:
    """Each variable goes to the innermost layer that has it, else to the root of its process."""
    for name, value in variables.items():
        run.touch(name, known=_assign(run, token, name, value, from_local))


def _assign(run: Run, token: Token, name: str, value: Json, local: bool) -> bool:
    """Whether the variable was there before."""
    while True:
        if local and token.locals is not None and name in token.locals:
            changed = run.edit_token(token.key).locals
            assert changed is not None
            changed[name] = value
            return True
        if token.carry is not None and name in token.carry:
            held = run.edit_token(token.key)
            held.carry = {**(held.carry or {}), name: value}
            return True
        local = True
        scope = run.scopes[token.scope]
        if name in scope.variables and not scope.queue and scope.kind != "compensation":
            run.edit_scope(scope.key).variables[name] = value
            return True
        if scope.kind == "process" or not scope.owner:
            run.edit_scope(scope.key).variables[name] = value
            return False
        if scope.kind == "compensation":
            # From here on this handler and the others see what was written, not their snapshot.
            held_scope = run.edit_scope(scope.key)
            held_scope.phases["written"] = (*scope.phases.get("written", ()), name)
            held_scope.variables.pop(name, None)
        token = run.tokens[scope.owner]


def assign_scope(run: Run, scope_key: int, variables: Mapping[str, Json]) -> None:
    held = run.edit_scope(scope_key).variables
    for name, value in variables.items():
        run.touch(name, known=name in held)
        held[name] = value


def assign_local(run: Run, token: Token, variables: Mapping[str, Json]) -> None:
    held = run.edit_token(token.key)
    for name in variables:
        run.touch(name, known=name in (held.locals or {}))
    held.locals = {**(held.locals or {}), **variables}


def put(target: dict[str, Json], path: tuple[str, ...], value: Json) -> None:
    """Set a (nested) entry without changing a context that someone else holds."""
    name = path[0]
    if len(path) == 1:
        target[name] = value
        return
    inner = target.get(name)
    copied: dict[str, Json] = dict(inner) if isinstance(inner, dict) else {}
    put(copied, path[1:], value)
    target[name] = copied
