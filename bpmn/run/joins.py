"""Inclusive and complex joins, judged only when nothing else can move (§13.4.3, §13.4.5).

Choice: joins that wait only for each other, in a circle, are let go at the one whose token came first, so that a
circle does not hang.
"""

from __future__ import annotations

from collections.abc import Sequence

from bpmn.behaviours import complex_gateway
from bpmn.behaviours.inclusive_gateway import split
from bpmn.elements.node import Node
from bpmn.elements.reach import holds
from bpmn.errors import Failure
from bpmn.instance.scope import Scope
from bpmn.run.flow import drop, unjoin
from bpmn.run.incidents import raise_incident
from bpmn.run.run import Run

JUDGED = ("inclusiveGateway", "complexGateway")


def joining(run: Run) -> list[int]:
    """The scopes that this step touched and where tokens wait at joins."""
    scopes, tokens = run.scopes, run.tokens
    keys: dict[int, None] = {}
    for key in run.fresh:
        token = tokens.get(key)
        scope = scopes.get(key if token is None else token.scope)
        if scope is not None and (scope.joins or (run.rules.resets and scope.phases)):
            keys[scope.key] = None
    return sorted(keys)


def judge_joins(run: Run, scopes: Sequence[int]) -> bool:
    """Fire one join that may fire, in order of scope and arrival; False when none may."""
    return any(_judge(run, run.scopes[key]) for key in scopes)


def report_starved(run: Run, scopes: Sequence[int]) -> None:
    """Every token of a scope waits at a join: nothing can come any more, and only an operator can go on."""
    for key in scopes:
        scope = run.scopes.get(key)
        if scope is None or not scope.joins or scope.waits:
            continue
        tokens = [run.tokens[one] for one in scope.tokens]
        if all(token.status == "joining" for token in tokens):
            node = run.node(tokens[0])
            reason = (
                f"'{node.name or node.id}' waits for a token that cannot come: no other token is left in its scope."
            )
            raise_incident(run, tokens[0].key, "starved", None, Failure("join-starved", reason))


def _judge(run: Run, scope: Scope) -> bool:
    nodes = run.graphs[scope.graph].nodes
    keys = scope.joins
    if run.rules.resets and scope.phases:
        # A gateway that has fired resets as soon as nothing more can come, whether or not something came late.
        keys = {**keys, **{key: () for key in scope.phases if key not in keys and key in nodes}}
    waiting = [nodes[key] for key in keys if nodes[key].kind in JUDGED and len(nodes[key].incoming) > 1]
    waiting.sort(key=lambda node: keys[node.id][:1])
    blockers = {node.id: _blockers(run, scope, node) for node in waiting}
    for node in waiting:
        blocked = bool(blockers[node.id])
        if node.kind == "complexGateway":
            try:
                if complex_gateway.judge(run, scope.key, node, blocked):
                    _reset_at_once(run, scope.key, node)
                    return True
            except Failure as failure:
                _fail(run, scope, node, failure)
                return True
        elif not blocked:
            return _fire(run, scope, node)
    stuck = [node for node in waiting if node.kind == "inclusiveGateway" and _circular(node, blockers, waiting)]
    return _fire(run, scope, stuck[0]) if stuck else False


def _blockers(run: Run, scope: Scope, node: Node) -> tuple[str, ...]:
    """Where tokens stand that can reach an empty incoming flow and no filled one, each by a path around the gateway."""
    filled = dict.fromkeys(run.tokens[key].flow for key in scope.joins.get(node.id, ()))
    missing = complex_gateway.awaited(scope, node) if run.rules.resets else None
    if missing is not None:
        # What had its token when the gateway fired is not waited for again.
        filled.update(dict.fromkeys(flow.id for flow in node.incoming if flow.id not in missing))
    graph = run.graphs[scope.graph]
    reach = graph.reach[node.id]
    empty = [flow.id for flow in node.incoming if flow.id not in filled]
    found: dict[str, None] = {}
    for key in scope.tokens:
        at = run.tokens[key].node
        if at == node.id or at in found:
            continue
        position = graph.positions[at]
        if any(holds(reach[flow], position) for flow in empty) and not any(
            holds(reach[flow], position) for flow in filled if flow in reach
        ):
            found[at] = None
    return tuple(found)


def _circular(node: Node, blockers: dict[str, tuple[str, ...]], waiting: list[Node]) -> bool:
    """Whether all that blocks it, however far away, are joins that wait as well."""
    seen: dict[str, None] = {}
    stack = [node.id]
    while stack:
        key = stack.pop()
        if key in seen:
            continue
        seen[key] = None
        if key not in blockers:
            return False
        stack += blockers[key]
    return True


def _fire(run: Run, scope: Scope, node: Node) -> bool:
    """One token of each flow is taken; further ones on the same flow wait for the next time."""
    first: dict[str, int] = {}
    for key in scope.joins[node.id]:
        first.setdefault(run.tokens[key].flow, key)
    keys = list(first.values())
    token = run.edit_token(keys[0])
    try:
        for key in keys[1:]:
            drop(run, run.tokens[key])
        unjoin(run, token)
        token.status = "ready"
        split(run, token, node)
    except Failure as failure:
        raise_incident(run, token.key, "split", None, failure)
    return True


def _reset_at_once(run: Run, scope_key: int, node: Node) -> None:
    """It has just fired, and nothing is left that could come late."""
    scope = run.scopes.get(scope_key)
    if not run.rules.resets or scope is None or complex_gateway.awaited(scope, node) is None:
        return
    if not _blockers(run, scope, node):
        complex_gateway.reset(run, scope_key, node)


def _fail(run: Run, scope: Scope, node: Node, failure: Failure) -> None:
    held = scope.joins.get(node.id)
    if held is None:
        raise_incident(run, run.new_token(scope.key, node.id).key, "enter", None, failure)
        return
    token = run.edit_token(held[0])
    unjoin(run, token)
    raise_incident(run, token.key, "enter", None, failure)
