"""Complex gateway: fires when its activation condition holds, then waits for the rest and resets (§13.4.5).

Choice: without a condition it fires with the first token. ``waitingForStart`` is true when it fires and false when it
resets; then only flows whose condition asks for it get a token, since a flow should get one of the two (§13.4.5).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bpmn.behaviours.inclusive_gateway import split
from bpmn.elements.details import Complex
from bpmn.elements.node import Flow, Node
from bpmn.instance.scope import Scope
from bpmn.instance.token import Token
from bpmn.run.evaluate import condition
from bpmn.run.flow import drop, join, scope_done, take, unjoin
from bpmn.run.run import Run
from bpmn.run.variables import Visible, layers_of

PHASE = "waitingForStart"


class ComplexGateway:
    def enter(self, run: Run, token: Token, node: Node) -> None:
        if len(node.incoming) > 1:
            join(run, token, node)
        else:
            split(run, token, node, _attributes(run))


def _attributes(run: Run) -> Mapping[str, Any] | None:
    return {PHASE: True} if run.rules.resets else None


def awaited(scope: Scope, node: Node) -> tuple[str, ...] | None:
    """The incoming flows that had no token when the gateway fired; None while it waits for its start."""
    return scope.phases.get(node.id)


def judge(run: Run, scope_key: int, node: Node, blocked: bool) -> bool:
    """``blocked``: a token can still reach an incoming flow that has none. True when something moved."""
    scope = run.scopes[scope_key]
    if awaited(scope, node) is not None:
        return not blocked and reset(run, scope_key, node)
    waiting = scope.joins[node.id]
    counts: dict[str, int] = {}
    for key in waiting:
        counts[run.tokens[key].flow] = counts.get(run.tokens[key].flow, 0) + 1
    activation = node.detail.activation if isinstance(node.detail, Complex) else None
    if activation is not None:
        names: dict[str, Any] = {flow.id: counts.get(flow.id, 0) for flow in node.incoming}
        context = Visible([{"activationCount": len(waiting), **names}, *layers_of(run, scope_key)])
        if not condition(run, activation, context, scope_key):
            return False
    first: dict[str, int] = {}
    for key in waiting:
        first.setdefault(run.tokens[key].flow, key)
    keys = list(first.values())
    for key in keys[1:]:
        drop(run, run.tokens[key])
    token = run.edit_token(keys[0])
    unjoin(run, token)
    token.status = "ready"
    held = run.edit_scope(scope_key)
    missing = tuple(flow.id for flow in node.incoming if flow.id not in first)
    if missing:
        held.phases[node.id] = missing
    split(run, token, node, _attributes(run))
    return True


def reset(run: Run, scope_key: int, node: Node) -> bool:
    """Nothing more can come: what came late for this round is taken, and the gateway starts anew."""
    scope = run.edit_scope(scope_key)
    # Before anything is taken: a condition that fails leaves the gateway as it is.
    flows = _asking(run, scope_key, node) if run.rules.resets else []
    missing = scope.phases.pop(node.id)
    taken: dict[str, int] = {}
    for key in scope.joins.get(node.id, ()):
        if run.tokens[key].flow in missing:
            taken.setdefault(run.tokens[key].flow, key)
    late = list(taken.values())
    if flows:
        token = run.edit_token(late.pop(0)) if late else run.new_token(scope_key, node.id)
        if token.status == "joining":
            unjoin(run, token)
            token.status = "ready"
        take(run, token, node, flows)
    for key in late:
        drop(run, run.tokens[key])
    if not run.scopes[scope_key].tokens:
        scope_done(run, scope_key)
    return True


def _asking(run: Run, scope_key: int, node: Node) -> list[Flow]:
    """The flows that want a token at the reset."""
    context = Visible([{PHASE: False}, *layers_of(run, scope_key)])
    return [
        flow
        for flow in node.outgoing
        if flow.condition is not None
        and PHASE in flow.condition.text
        and condition(run, flow.condition, context, scope_key)
    ]


BEHAVIOURS = {"complexGateway": ComplexGateway()}
