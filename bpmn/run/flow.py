"""Tokens leave nodes along flows, and end. Nothing here recurses: what follows is put on the agenda."""

from __future__ import annotations

from collections.abc import Sequence

from bpmn.commands import ResolveIncident
from bpmn.elements.node import Flow, Node
from bpmn.errors import Failure
from bpmn.instance.token import Token
from bpmn.run.evaluate import condition
from bpmn.run.run import Run
from bpmn.run.variables import visible
from bpmn.step import TraceEntry


def leave(run: Run, token: Token, node: Node) -> None:
    """Out of an activity or event: every unconditional flow and every true one; the default if no condition holds."""
    if node.link_target is not None:
        move(run, token, node.link_target)
    elif not node.outgoing:
        consume(run, token)
    elif node.conditional_flows:
        take(run, token, node, _chosen(run, token, node))
    else:
        take(run, token, node, node.outgoing)


def _chosen(run: Run, token: Token, node: Node) -> Sequence[Flow]:
    context = visible(run, token)
    chosen, default, conditional = [], None, False
    for flow in node.outgoing:
        if flow.id == node.default:
            default = flow
        elif flow.condition is None:
            chosen.append(flow)
        elif condition(run, flow.condition, context, token.scope):
            conditional = True
            chosen.append(flow)
    if default is not None and not conditional:
        chosen.append(default)
    if not chosen:
        raise Failure("no-flow", f"No condition out of '{node.name or node.id}' is true, and no flow is its default.")
    return chosen


def take(run: Run, token: Token, node: Node, flows: Sequence[Flow]) -> None:
    """The token goes along the first flow; the others, and further copies by completionQuantity, get new tokens."""
    scope = run.scopes[token.scope]
    token = run.edit_token(token.key)
    token.locals = None
    token.waits = ()
    first = True
    for flow in flows:
        for _ in range(node.completion_quantity):
            run.trace.append(TraceEntry("flow", flow.id, scope.graph, scope.key))
            moved = token if first else run.new_token(token.scope, flow.target, flow.id, token.carry)
            if first:
                moved.node, moved.flow, moved.status = flow.target, flow.id, "ready"
                first = False
            run.push("enter", moved)


def move(run: Run, token: Token, node_id: str) -> None:
    """Without a flow: a link, or an operator's hand."""
    token = run.edit_token(token.key)
    token.node, token.flow, token.status, token.locals, token.waits = node_id, "", "ready", None, ()
    run.push("enter", token)


def consume(run: Run, token: Token) -> None:
    """The token ends; the scope ends with its last one."""
    drop(run, token)
    if not run.scopes[token.scope].tokens:
        scope_done(run, token.scope)


def resolve_incidents(run: Run, token_key: int) -> None:
    if run.incidents:
        for key in [key for key, incident in run.incidents.items() if incident.token == token_key]:
            del run.incidents[key]
            run.commands.append(ResolveIncident(key))


def drop(run: Run, token: Token) -> None:
    scope = run.edit_scope(token.scope)
    del scope.tokens[token.key]
    del run.tokens[token.key]
    resolve_incidents(run, token.key)
    waiting = scope.joins.get(token.node)
    if waiting is not None and token.key in waiting:
        unjoin(run, token)


def unjoin(run: Run, token: Token) -> None:
    resolve_incidents(run, token.key)
    scope = run.edit_scope(token.scope)
    left = tuple(key for key in scope.joins[token.node] if key != token.key)
    if left:
        scope.joins[token.node] = left
    else:
        del scope.joins[token.node]


def join(run: Run, token: Token, node: Node) -> tuple[int, ...]:
    """The token waits at a joining gateway; all that wait there, in order of arrival."""
    held = run.edit_token(token.key)
    held.status = "joining"
    scope = run.edit_scope(token.scope)
    scope.joins[node.id] = (*scope.joins.get(node.id, ()), token.key)
    return scope.joins[node.id]


def scope_done(run: Run, scope_key: int) -> None:
    run.sequence += 1
    run.put((scope_key, 0, run.sequence, "scope", scope_key))
