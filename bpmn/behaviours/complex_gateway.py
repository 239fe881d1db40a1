"""Complex gateway: fires when its activation condition holds, then waits for the rest and resets (§13.4.5).

Choice: without a condition it fires with the first token. Tokens of the reset phase are merged and sent on nowhere.
"""

from __future__ import annotations

from typing import Any

from bpmn.behaviours.inclusive_gateway import split
from bpmn.elements.details import Complex
from bpmn.elements.node import Node
from bpmn.instance.token import Token
from bpmn.run.evaluate import condition
from bpmn.run.flow import drop, join, scope_done, unjoin
from bpmn.run.run import Run
from bpmn.run.variables import Visible, layers_of


class ComplexGateway:
    def enter(self, run: Run, token: Token, node: Node) -> None:
        if len(node.incoming) > 1:
            join(run, token, node)
        else:
            split(run, token, node)


def judge(run: Run, scope_key: int, node: Node, blocked: bool) -> bool:
    """``blocked``: a token can still reach an incoming flow that has none. True when something moved."""
    scope = run.scopes[scope_key]
    waiting = scope.joins[node.id]
    if node.id in scope.phases:
        return not blocked and _reset(run, scope_key, node)
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
    split(run, token, node)
    return True


def _reset(run: Run, scope_key: int, node: Node) -> bool:
    """Nothing more can come: what came late for this round is taken, and the gateway starts anew."""
    scope = run.edit_scope(scope_key)
    missing = scope.phases.pop(node.id)
    taken: dict[str, int] = {}
    for key in scope.joins.get(node.id, ()):
        if run.tokens[key].flow in missing:
            taken.setdefault(run.tokens[key].flow, key)
    for key in taken.values():
        drop(run, run.tokens[key])
    if not run.scopes[scope_key].tokens:
        scope_done(run, scope_key)
    return True


BEHAVIOURS = {"complexGateway": ComplexGateway()}
