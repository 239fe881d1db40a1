"""What a migration does to one case: states before and after, as a person would tell it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bpmn.instance.wait import Wait
from bpmn.model import Graph
from bpmn.state import State


@dataclass(frozen=True, slots=True)
class Change:
    """``what``: moved, kept, withdrawn or created. ``kind``: token, task, job, timer, message, signal, conditional,
    definition, decision, deadline or incident.

    ``element`` and ``name`` are where it stood before, or stands now if it is new; ``to`` where a moved or kept one
    stands afterwards. ``detail`` is the instant of a timer, the name of a message or deadline, an incident's reason.
    """

    what: str
    kind: str
    element: str
    name: str
    to: str = ""
    detail: str = ""


def changes(before: State, after: State, graphs: Mapping[str, Graph]) -> tuple[Change, ...]:
    """Tokens that moved, then everything that is open to the outside, in the order in which it was opened."""
    return (
        *_tokens(before, after, graphs),
        *_waits(before, after, graphs),
        *_deadlines(before, after, graphs),
        *_incidents(before, after, graphs),
    )


def _tokens(before: State, after: State, graphs: Mapping[str, Graph]) -> Iterator[Change]:
    for key, old in before.tokens.items():
        new = after.tokens.get(key)
        name = _name(before, graphs, old.scope, old.node)
        if new is None:
            yield Change("withdrawn", "token", old.node, name)
        elif new.node != old.node:
            yield Change("moved", "token", old.node, name, new.node)
    for key, new in after.tokens.items():
        if key not in before.tokens:
            yield Change("created", "token", new.node, _name(after, graphs, new.scope, new.node))


def _waits(before: State, after: State, graphs: Mapping[str, Graph]) -> Iterator[Change]:
    for key, old in before.waits.items():
        name = _name(before, graphs, old.scope, old.node)
        now = after.waits.get(key)
        if now is None:
            yield Change("withdrawn", old.kind, old.node, name, detail=_shown(old))
        else:
            yield Change("kept", old.kind, old.node, name, now.node, _shown(now))
    for key, new in after.waits.items():
        if key not in before.waits:
            yield Change("created", new.kind, new.node, _name(after, graphs, new.scope, new.node), detail=_shown(new))


def _shown(wait: Wait) -> str:
    return wait.name or (wait.timer.deadline or wait.timer.at if wait.timer is not None else "")


def _deadlines(before: State, after: State, graphs: Mapping[str, Graph]) -> Iterator[Change]:
    for key, old in before.deadlines.items():
        name = _name(before, graphs, old.scope, old.element)
        now = after.deadlines.get(key)
        what, to = ("withdrawn", "") if now is None else ("kept", now.element)
        yield Change(what, "deadline", old.element, name, to, old.name)
    for key, new in after.deadlines.items():
        if key not in before.deadlines:
            name = _name(after, graphs, new.scope, new.element)
            yield Change("created", "deadline", new.element, name, detail=new.name)


def _incidents(before: State, after: State, graphs: Mapping[str, Graph]) -> Iterator[Change]:
    for key, old in before.incidents.items():
        if key not in after.incidents:
            scope = before.tokens[old.token].scope
            name = _name(before, graphs, scope, old.element)
            yield Change("withdrawn", "incident", old.element, name, "", old.reason)
    for key, new in after.incidents.items():
        if key not in before.incidents:
            scope = after.tokens[new.token].scope
            yield Change("created", "incident", new.element, _name(after, graphs, scope, new.element), "", new.reason)


def _name(state: State, graphs: Mapping[str, Graph], scope: int, element: str) -> str:
    held = state.scopes.get(scope)
    node = graphs[held.graph].nodes.get(element) if held is not None else None
    return node.name if node is not None else ""
