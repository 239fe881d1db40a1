"""Compensation: what completed is recorded with its data, and undone by handlers, one after the other.

A record belongs to the scope in which the activity completed. A completed subprocess keeps the records of its inside,
so that it is undone from within when it has no handler of its own.
"""

from __future__ import annotations

from dataclasses import replace

from bpmn.elements.node import Node
from bpmn.instance.scope import Compensation, Scope
from bpmn.instance.token import Token
from bpmn.run.run import Run
from bpmn.run.variables import snapshot

NESTED = ("subprocess", "transaction", "adhoc", "loop", "process")


def register(run: Run, token: Token, node: Node) -> None:
    """On completion: data as of now. An activity without handler matters only for what completed inside it."""
    inner: tuple[Compensation, ...] = ()
    place = ("", "")
    # Of a loop each completed instance is undone, not the whole once more.
    looped = node.loop is not None and not token.index
    handler = "" if looped else node.compensation_handler or ""
    if token.inner:
        scope = run.scopes[token.inner]
        called = scope.kind == "process"
        container = run.graph(scope.key).container(scope.element) if called else node.container
        own = container.compensation_subprocess if container is not None and scope.kind != "loop" else None
        if scope.kind in NESTED:
            inner = tuple(_located(one, scope) for one in scope.compensations) if called else scope.compensations
        if own is not None and not handler and not looped:
            handler = own
            place = (scope.graph, scope.process) if called else place
    if node.for_compensation or not (handler or inner):
        return
    data = {**snapshot(run, token), **(run.scopes[token.inner].variables if token.inner else {})} if handler else {}
    scope = run.edit_scope(token.scope)
    scope.compensations = (*scope.compensations, Compensation(run.key(), node.id, handler, data, inner, *place))


def _located(record: Compensation, scope: Scope) -> Compensation:
    """Its handler stands in the called process, which may be of another file and is over by now."""
    inner = tuple(_located(one, scope) for one in record.inner)
    return replace(record, inner=inner, graph=record.graph or scope.graph, process=record.process or scope.process)


def compensate(run: Run, token: Token, activity: str | None, *, waits: bool) -> bool:
    """Start undoing; True when ``token`` must wait for it. A handler's throw undoes the scope that it handles."""
    scope_key = _target(run, token.scope)
    scope = run.scopes[scope_key]
    chosen = tuple(record for record in scope.compensations if activity in (None, record.node))
    if activity is not None and not chosen:
        chosen = _search(scope.compensations, activity)
    if not chosen:
        return False
    keys = dict.fromkeys(record.key for record in chosen)
    held = run.edit_scope(scope_key)
    held.compensations = tuple(_without(record, keys) for record in scope.compensations if record.key not in keys)
    owner = token
    if not waits:
        # The handlers run beside the thrower, and the scope waits for them all the same.
        owner = run.new_token(token.scope, token.node)
    owner = run.edit_token(owner.key)
    owner.status = "waiting"
    outer = run.scopes[owner.scope]
    queue = _flatten(chosen)
    body = Scope(run.key(), "compensation", owner.node, outer.process, outer.graph, outer.key, owner.key, queue=queue)
    body.ending = "" if waits else "aside"
    run.new_scope(body)
    owner.inner = body.key
    next_handler(run, body.key)
    return waits


def _target(run: Run, scope_key: int) -> int:
    """A throw inside an event subprocess undoes the scope that the event subprocess belongs to."""
    scope = run.scopes[scope_key]
    while scope.kind == "event":
        scope = run.scopes[scope.parent]
    return scope.key


def _search(records: tuple[Compensation, ...], activity: str) -> tuple[Compensation, ...]:
    """The activity may lie inside completed subprocesses, or in the body of a completed loop."""
    found: tuple[Compensation, ...] = ()
    for record in records:
        if any(inner.graph for inner in record.inner):
            # What ran in a called process has ids of its own.
            continue
        found = (*found, *(inner for inner in record.inner if inner.node == activity))
        found = (*found, *_search(record.inner, activity))
    return found


def _without(record: Compensation, keys: dict[int, None]) -> Compensation:
    if not record.inner:
        return record
    inner = tuple(_without(one, keys) for one in record.inner if one.key not in keys)
    return replace(record, inner=inner)


def _flatten(records: tuple[Compensation, ...]) -> tuple[Compensation, ...]:
    """In reverse order of completion. A handler of the whole replaces the handlers of its parts."""
    found: list[Compensation] = []
    for record in reversed(records):
        if record.handler:
            found.append(record)
        else:
            found += _flatten(record.inner)
    return tuple(found)


def _written(run: Run, scope: Scope) -> dict[str, None]:
    """Names that this compensation, or one around it, has written."""
    found: dict[str, None] = {}
    while True:
        found.update(dict.fromkeys(scope.phases.get("written", ())))
        if not scope.owner:
            return found
        scope = run.scopes[scope.parent]


def next_handler(run: Run, scope_key: int) -> bool:
    """The next handler starts, with the data as of completion; False when none is left."""
    scope = run.edit_scope(scope_key)
    if not scope.queue:
        return False
    record, scope.queue = scope.queue[0], scope.queue[1:]
    written = _written(run, scope)
    # What earlier handlers of this compensation wrote is seen as they left it.
    scope.variables = {name: value for name, value in record.data.items() if name not in written}
    scope.compensations = record.inner
    home = run.scopes[scope.parent]
    scope.graph, scope.process = record.graph or home.graph, record.process or home.process
    token = run.new_token(scope_key, record.handler)
    run.push("enter", token)
    return True
