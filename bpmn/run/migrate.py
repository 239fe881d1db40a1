"""An open process scope moves to another graph. What did not change there stays as it is; the rest is derived anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from bpmn.elements.node import DeadlinePlan, Node
from bpmn.errors import Problem
from bpmn.events import GraphRef, InstanceMigrated
from bpmn.instance.scope import Compensation, Scope
from bpmn.instance.token import Token
from bpmn.migration import RULE, element_problem
from bpmn.model import Graph, Process
from bpmn.run import deadlines
from bpmn.run.arming import arm
from bpmn.run.cancel import cancel_waits
from bpmn.run.listeners import jobs_of, listening
from bpmn.run.run import Run
from bpmn.run.rungs import bequeath
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


def objections(graphs: Mapping[str, Graph], state: State, event: InstanceMigrated) -> list[Problem]:
    """Why the plan does not fit this case: one problem for each element that a token cannot leave as planned."""
    target = graphs.get(event.to.hash)
    if target is None or event.to.process_id not in target.processes:
        return [_nowhere(f"The process '{event.to.process_id}' is not there.", "Deploy the new model first.")]
    scope = state.scopes.get(event.scope_key)
    if scope is None or scope.kind != "process":
        return [_nowhere(f"Scope {event.scope_key} is no open process.", "Look where the case stands now.")]
    source = graphs[scope.graph]
    found: dict[Problem, None] = {}
    for inner in scopes_of(state.scopes, scope.key):
        if inner.graph != scope.graph:
            return [_nowhere("What a called process completed is being undone.", "Wait until it is done.")]
        for key in inner.tokens:
            token = state.tokens[key]
            node = source.nodes[token.node]
            problem = element_problem(node, target, scope.process, event.to.process_id, event.mapping)
            problem = problem or _lost_flow(token, node, target, event.mapping)
            ends = source.processes[scope.process], target.processes[event.to.process_id]
            problem = problem or _at_listener(state, token, node, target, event.mapping, ends)
            if problem is not None:
                found[problem] = None
    return list(found)


def _nowhere(message: str, remedy: str) -> Problem:
    return Problem(RULE, "", "", 0, message, remedy)


def _lost_flow(token: Token, node: Node, target: Graph, mapping: Mapping[str, str]) -> Problem | None:
    """A token that waits at a join counts for the flow it came by; without that flow the join would never open."""
    if token.status != "joining" or not token.flow:
        return None
    flow = target.flows.get(mapping.get(token.flow, token.flow))
    if flow is not None and flow.target == mapping.get(node.id, node.id):
        return None
    message = f"A token waits here that came by the flow '{token.flow}', which does not lead here in the new model."
    return Problem(RULE, node.id, node.name, node.line, message, "Map that flow to the one that takes its place.")


def _at_listener(
    state: State,
    token: Token,
    node: Node,
    target: Graph,
    mapping: Mapping[str, str],
    ends: tuple[Process, Process],
) -> Problem | None:
    """A listener's job cannot be derived anew: opening the element again would skip listeners or repeat its work."""
    phases = [state.waits[key].name for key in token.waits if listening(state.waits[key])]
    if not phases:
        return None
    new = target.nodes[mapping.get(node.id, node.id)]
    same_listeners = all(jobs_of(node, phase, ends[0]) == jobs_of(new, phase, ends[1]) for phase in phases)
    if node.id == new.id and same_listeners and not _differs(node, new):
        return None
    message = "A listener of it is at work here, and the new model changes the element or its listeners."
    return Problem(RULE, node.id, node.name, node.line, message, "Wait until the listener has answered.")


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
    run.touch_all()


def _record(record: Compensation, mapping: Mapping[str, str], target: Graph) -> Compensation:
    inner = tuple(one if one.graph else _record(one, mapping, target) for one in record.inner)
    handler = record.handler
    if not record.graph:
        handler = mapping.get(handler, handler)
        handler = handler if handler in target.nodes else ""
    return replace(record, node=mapping.get(record.node, record.node), handler=handler, inner=inner)


def _token(run: Run, token: Token, source: Graph, target: Graph, mapping: Mapping[str, str]) -> None:
    old = source.nodes[token.node]
    new = target.nodes[mapping.get(old.id, old.id)]
    token = run.edit_token(token.key)
    token.node = new.id
    token.flow = mapping.get(token.flow, token.flow)
    for key, incident in tuple(run.incidents.items()):
        if incident.token == token.key:
            run.incidents[key] = replace(incident, element=new.id)
    _clocks(run, token, old, new, mapping)
    _keep(run, token.waits, source, target, mapping)
    own = [run.waits[key] for key in token.waits if key in run.waits and run.waits[key].role in ("self", "gateway")]
    # The outside knows tasks, jobs and subscriptions by the element; a timer it knows by its key.
    renamed = old.id != new.id and any(wait.kind not in ("timer", "conditional") for wait in own)
    if own and (renamed or _differs(old, new)):
        for wait in own:
            bequeath(run, wait, new.id)
        cancel_waits(run, [wait.key for wait in own], "migrated")
        run.push("work", token)
    token.waits = tuple(key for key in token.waits if key in run.waits)
    if token.index or token.status == "incident" or not (token.waits or token.inner or own):
        return
    armed = dict.fromkeys(run.waits[key].node for key in token.waits)
    for boundary in new.boundaries:
        if boundary not in armed:
            arm(run, "boundary", token.scope, token, target.nodes[boundary])


def _clocks(run: Run, token: Token, old: Node, new: Node, mapping: Mapping[str, str]) -> None:
    """Clocks whose properties are the same run on; others are withdrawn, and those of the new element begin."""
    for key, live in tuple(run.deadlines.items()):
        if live.element == old.id and live.scope == token.scope:
            run.deadlines[key] = replace(live, element=new.id)
    if token.index or old.deadlines == new.deadlines:
        return
    before, after = old.deadlines or DeadlinePlan(), new.deadlines or DeadlinePlan()
    # The token stands there already: an extension that it brought is not granted twice.
    due = replace(after, extends=None)
    if _counted(before) == _counted(after):
        due = replace(due, own=None, starts=None)
    else:
        deadlines.withdraw(run, token, new.id)
    if before.pauses == after.pauses:
        due = replace(due, pauses=None)
    else:
        deadlines.resume_paused(run, token)
    deadlines.on_entry(run, run.tokens[token.key], new, due)


def _counted(plan: DeadlinePlan) -> tuple[object, ...]:
    return (plan.own, plan.starts, plan.scope, plan.since, plan.limit)


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
            if new is not None:
                bequeath(run, wait, new.id)
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
