"""An event reached a catch: what is interrupted, and where a token goes on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bpmn.elements.node import Node
from bpmn.instance.token import Token
from bpmn.instance.wait import Wait
from bpmn.run.cancel import cancel_content, cancel_token, cancel_waits, close_wait
from bpmn.run.run import Run
from bpmn.run.scopes import open_scope
from bpmn.run.variables import assign
from bpmn.step import TraceEntry
from bpmn.values import Json

Carry = dict[str, Json] | None


def fire(run: Run, wait: Wait, variables: Mapping[str, Json], carry: Carry = None) -> None:
    """The wait has been answered; whoever calls closes or re-arms it when it stays."""
    node = run.graph(wait.scope).nodes[wait.node]
    if node.parallel_multiple and not _all_caught(run, wait, node, variables):
        return
    ROLES[wait.role](run, wait, node, variables, carry)


def _all_caught(run: Run, wait: Wait, node: Node, variables: Mapping[str, Json]) -> bool:
    """§10.5.1: a parallel multiple event remembers what it caught until it has caught all."""
    run.update_wait(wait, last=True)
    owner = run.tokens[wait.token].waits if wait.token else run.scopes[wait.scope].waits
    siblings = [run.waits[key] for key in owner if run.waits[key].node == node.id]
    if len([sibling for sibling in siblings if sibling.last]) < len(node.events):
        token = run.tokens.get(wait.token) or run.tokens.get(run.scopes[wait.scope].owner)
        if token is not None:
            assign(run, token, variables)
        elif variables:
            run.edit_scope(wait.scope).variables.update(variables)
        return False
    for sibling in siblings:
        run.update_wait(sibling, last=False)
    return True


def _self(run: Run, wait: Wait, node: Node, variables: Mapping[str, Json], carry: Carry) -> None:
    token = run.edit_token(wait.token)
    _carried(token, carry)
    own = tuple(key for key in token.waits if run.waits[key].role == "self")
    for key in own:
        if key == wait.key:
            close_wait(run, wait)
        else:
            _close(run, key)
    run.push("caught", token, dict(variables))


def _gateway(run: Run, wait: Wait, node: Node, variables: Mapping[str, Json], carry: Carry) -> None:
    """§10.6.6: the first event wins the race; the others are unsubscribed before anything else happens."""
    token = run.edit_token(wait.token)
    _carried(token, carry)
    close_wait(run, wait)
    cancel_waits(run, token.waits, node.id)
    token.waits = ()
    run.log("completed", token)
    flow = next(flow for flow in run.node(token).outgoing if flow.target == node.id)
    run.trace.append(TraceEntry("flow", flow.id, run.scopes[token.scope].graph, token.scope))
    token.node, token.flow, token.status = node.id, flow.id, "ready"
    run.log("entered", token)
    run.push("arrived", token, dict(variables))


def _boundary(run: Run, wait: Wait, node: Node, variables: Mapping[str, Json], carry: Carry) -> None:
    if node.interrupting:
        close_wait(run, wait)
    boundary(run, run.tokens[wait.token], node, variables, carry)


def _start(run: Run, wait: Wait, node: Node, variables: Mapping[str, Json], carry: Carry) -> None:
    if node.interrupting:
        close_wait(run, wait)
    event_subprocess(run, wait.scope, node, variables, carry)


def boundary(run: Run, host: Token, node: Node, variables: Mapping[str, Json], carry: Carry = None) -> Token:
    """An interrupting one cancels the activity with its inside first; either way a token in the parent scope."""
    travelling = {**(host.carry or {}), **(carry or {})} or None
    if node.interrupting:
        cancel_token(run, host, node.id)
    token = run.new_token(host.scope, node.id, carry=travelling)
    run.log("entered", token)
    run.push("arrived", token, dict(variables))
    return token


def event_subprocess(run: Run, scope_key: int, start: Node, variables: Mapping[str, Json], carry: Carry = None) -> None:
    if start.interrupting:
        cancel_content(run, scope_key, start.id)
        run.edit_scope(scope_key).interrupted = start.parent
    stand = run.new_token(scope_key, start.parent)
    stand.status = "waiting"
    run.log("entered", stand)
    inner = open_scope(run, stand, "event", start.parent, (start.id,), caught=dict(variables))
    # What the event brought belongs to this run of the handler: a second one beside it must not overwrite it.
    inner.variables.update(variables)
    if carry:
        inner.variables.update(carry)


def _close(run: Run, key: int) -> None:
    wait = run.waits.get(key)
    if wait is not None:
        cancel_waits(run, (key,))
        token = run.edit_token(wait.token)
        token.waits = tuple(other for other in token.waits if other != key)


def _carried(token: Token, carry: Carry) -> None:
    if carry:
        token.carry = {**(token.carry or {}), **carry}


ROLES: Mapping[str, Any] = {"self": _self, "gateway": _gateway, "boundary": _boundary, "start": _start}
