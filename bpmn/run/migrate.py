"""An open process scope moves to another graph. What did not change there stays as it is; the rest is derived anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bpmn.elements.node import Node
from bpmn.events import GraphRef, InstanceMigrated
from bpmn.instance.scope import Compensation, Scope
from bpmn.instance.token import Token
from bpmn.model import Graph
from bpmn.run.arming import arm
from bpmn.run.cancel import cancel_waits
from bpmn.run.run import Run
from bpmn.state import State

# What a task or catch shows to the outside; where one of these differs, it is opened anew.
_DERIVED = ("kind", "name", "detail", "events", "properties", "job", "lane", "inputs")


def scopes_of(scopes: Mapping[int, Scope], root: int) -> Iterator[Scope]:
    """The process scope and the scopes inside it, without called processes, in order of key."""
    inside = {root: None}
    for key in sorted(scopes):
        scope = scopes[key]
        if key == root or (scope.parent in inside and scope.kind != "process"):
            inside[key] = None
            yield scope


def objections(graphs: Mapping[str, Graph], state: State, event: InstanceMigrated) -> list[str]:
    """Why the plan does not fit, each as a sentence."""
    target = graphs.get(event.to.hash)
    if target is None or event.to.process_id not in target.processes:
        return [f"The process '{event.to.process_id}' is not there."]
    scope = state.scopes.get(event.scope_key)
    if scope is None or scope.kind != "process":
        return [f"Scope {event.scope_key} is no open process."]
    source = graphs[scope.graph]
    found: dict[str, None] = {}
    for inner in scopes_of(state.scopes, scope.key):
        for key in inner.tokens:
            token = state.tokens[key]
            sentence = _objection(source.nodes[token.node], target, event)
            if sentence is not None:
                found[sentence] = None
    return list(found)


def _objection(old: Node, target: Graph, event: InstanceMigrated) -> str | None:
    called = old.name or old.id
    new = target.nodes.get(event.mapping.get(old.id, old.id))
    if new is None:
        return f"'{called}' is active and has no element that it moves to."
    if new.process != event.to.process_id:
        return f"'{called}' would move to '{new.id}', which is in another process."
    if new.kind != old.kind:
        return f"'{called}' is a {old.kind} and cannot become the {new.kind} '{new.id}'."
    parent = event.to.process_id if old.parent == old.process else event.mapping.get(old.parent, old.parent)
    if new.parent != parent:
        return f"'{called}' would move to '{new.id}', which lies in another scope."
    if type(new.loop) is not type(old.loop):
        return f"'{called}' would begin or cease to be a loop."
    return None


def migrate(run: Run, scope_key: int, to: GraphRef, mapping: Mapping[str, str]) -> None:
    source, target = run.graph(scope_key), run.graphs[to.hash]
    old_process = run.scopes[scope_key].process
    scopes = list(scopes_of(run.scopes, scope_key))
    for scope in scopes:
        held = run.edit_scope(scope.key)
        held.graph, held.process = to.hash, to.process_id
        held.element = to.process_id if held.element == old_process else mapping.get(held.element, held.element)
        held.joins = {mapping.get(key, key): waiting for key, waiting in held.joins.items()}
        held.interrupted = mapping.get(held.interrupted, held.interrupted)
        held.compensations = tuple(_record(record, mapping, target) for record in held.compensations)
        held.queue = tuple(_record(record, mapping, target) for record in held.queue)
    for scope in scopes:
        for key in tuple(run.scopes[scope.key].tokens):
            _token(run, run.tokens[key], source, target, mapping)
        if scope.kind not in ("loop", "compensation"):
            _scope_catches(run, scope.key, source, target, mapping)
    run.changed = True


def _record(record: Compensation, mapping: Mapping[str, str], target: Graph) -> Compensation:
    handler = mapping.get(record.handler, record.handler)
    inner = tuple(_record(one, mapping, target) for one in record.inner)
    kept = handler if handler in target.nodes else ""
    return Compensation(record.key, mapping.get(record.node, record.node), kept, record.data, inner)


def _token(run: Run, token: Token, source: Graph, target: Graph, mapping: Mapping[str, str]) -> None:
    old = source.nodes[token.node]
    new = target.nodes[mapping.get(old.id, old.id)]
    token = run.edit_token(token.key)
    token.node = new.id
    token.flow = mapping.get(token.flow, token.flow)
    _keep(run, token.waits, source, target, mapping)
    own = [run.waits[key] for key in token.waits if key in run.waits and run.waits[key].role in ("self", "gateway")]
    # The outside knows tasks, jobs and subscriptions by the element; a timer it knows by its key.
    renamed = old.id != new.id and any(wait.kind not in ("timer", "conditional") for wait in own)
    if own and (renamed or _differs(old, new)):
        cancel_waits(run, [wait.key for wait in own], "migrated")
        run.push("work", token)
    token.waits = tuple(key for key in token.waits if key in run.waits)
    if token.index or token.status == "incident" or not (token.waits or token.inner or own):
        return
    armed = dict.fromkeys(run.waits[key].node for key in token.waits)
    for boundary in new.boundaries:
        if boundary not in armed:
            arm(run, "boundary", token.scope, token, target.nodes[boundary])


def _differs(old: Node, new: Node) -> bool:
    if old.kind == "eventBasedGateway":
        return [flow.target for flow in old.outgoing] != [flow.target for flow in new.outgoing]
    return any(getattr(old, name) != getattr(new, name) for name in _DERIVED)


def _keep(run: Run, keys: tuple[int, ...], source: Graph, target: Graph, mapping: Mapping[str, str]) -> dict[str, None]:
    """Catches whose definition is the same go on, timers with their instants; the others are closed."""
    kept: dict[str, None] = {}
    for key in keys:
        wait = run.waits[key]
        old, new = source.nodes[wait.node], target.nodes.get(mapping.get(wait.node, wait.node))
        same = new is not None and old.events == new.events and old.interrupting == new.interrupting
        if new is None or (wait.role in ("boundary", "start") and not same):
            cancel_waits(run, (key,), "migrated")
        else:
            run.update_wait(wait, node=new.id)
            kept[new.id] = None
    return kept


def _scope_catches(run: Run, scope_key: int, source: Graph, target: Graph, mapping: Mapping[str, str]) -> None:
    scope = run.edit_scope(scope_key)
    kept = _keep(run, scope.waits, source, target, mapping)
    scope.waits = tuple(key for key in scope.waits if key in run.waits)
    if scope.interrupted:
        return
    for subprocess in target.container(scope.element).event_subprocesses:
        container = target.nodes[subprocess].container
        for start in container.starts if container is not None else ():
            if start not in kept:
                arm(run, "start", scope_key, None, target.nodes[start])
