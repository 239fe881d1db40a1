"""One step, run to quiescence in rounds: tokens, conditions, one throw, joins. Bounded, never recursive."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from bpmn.behaviours.inclusive_gateway import split
from bpmn.behaviours.table import BEHAVIOURS
from bpmn.elements.node import Node
from bpmn.errors import Failure
from bpmn.eventkinds.conditional import evaluate_conditions
from bpmn.eventkinds.table import KINDS
from bpmn.instance.token import Token
from bpmn.run import activity, deadlines, listeners
from bpmn.run.arming import arm_rest, arm_scope
from bpmn.run.endings import end_scope
from bpmn.run.flow import leave, scope_done
from bpmn.run.incidents import raise_incident
from bpmn.run.joins import joining, judge_joins, report_starved
from bpmn.run.loop_throws import throw_for
from bpmn.run.run import Item, Run

# Well below what a worker may spend on one task, and well above ten thousand instances of a loop.
MAXIMUM_MOVES = 100_000


class TooManyMoves(Exception):
    """The step does not come to rest."""


def drain(run: Run) -> None:
    moves = 0
    agenda, throws, prompt = run.agenda, run.throws, run.rules.prompt_conditions
    while True:
        while agenda:
            moves += 1
            if moves > MAXIMUM_MOVES:
                raise TooManyMoves
            _perform(run, heapq.heappop(agenda))
            if prompt and run.changed and run.conditions:
                # Each counts: a thousand that write what a thousand watch would hold the worker.
                moves += evaluate_conditions(run)
        if run.changed and run.conditions:
            evaluate_conditions(run)
        elif throws:
            _perform(run, heapq.heappop(throws))
        else:
            scopes = joining(run)
            if not judge_joins(run, scopes):
                report_starved(run, scopes)
                deadlines.go_back(run)
                return
        moves += 1


def _perform(run: Run, item: Item) -> None:
    scope_key, token_key, _, stage, payload = item
    if stage == "scope":
        _end_scope(run, payload)
        return
    token = run.tokens.get(token_key)
    # Interrupted since it was put here.
    if token is None or token.scope != scope_key:
        return
    try:
        STAGES[stage](run, token, run.node(token), payload)
    except Failure as failure:
        raise_incident(run, token_key, stage, payload, failure)


def _end_scope(run: Run, scope_key: int) -> None:
    scope = run.scopes.get(scope_key)
    try:
        end_scope(run, scope_key)
    except Failure as failure:
        assert scope is not None
        raise_incident(run, scope.owner, "ended", None, failure)


def _enter(run: Run, token: Token, node: Node, payload: Any) -> None:
    run.log("entered", token)
    if node.simple:
        BEHAVIOURS[node.kind].enter(run, token, node)
    elif activity.prepare(run, token, node):
        if node.boundaries and run.armed and run.rules.prompt_conditions:
            # Before the work: what needs no time would be over before a condition on its border was judged.
            evaluate_conditions(run)
            if token.key not in run.tokens:
                return
        if node.start_listeners:
            listeners.begin(run, token, node, listeners.START)
            return
        BEHAVIOURS[node.kind].enter(run, token, node)


def _open(run: Run, token: Token, node: Node, payload: Any) -> None:
    """The first token of a scope: its event subprocesses are armed before anything in it happens."""
    arm_scope(run, token.scope)
    if payload is None:
        run.push("enter", token)
    elif isinstance(payload, int):
        run.log("entered", token)
        arm_rest(run, token, node, payload)
    else:
        run.log("entered", token)
        run.push("arrived", token, payload)


def _work(run: Run, token: Token, node: Node, payload: Any) -> None:
    """Once more what failed outside: boundaries and inputs are still there."""
    BEHAVIOURS[node.kind].enter(run, token, node)


def _complete(run: Run, token: Token, node: Node, payload: Any) -> None:
    activity.complete(run, token, node, payload or {})


def _caught(run: Run, token: Token, node: Node, payload: Any) -> None:
    run.log("caught", token)
    activity.complete(run, token, node, payload or {})


def _arrived(run: Run, token: Token, node: Node, payload: Any) -> None:
    """An event brought the token here, past the entry: what the node does on entry comes first."""
    activity.arrive(run, token, node)
    _caught(run, token, node, payload)


def _leave(run: Run, token: Token, node: Node, payload: Any) -> None:
    leave(run, token, node)


def _split(run: Run, token: Token, node: Node, payload: Any) -> None:
    split(run, token, node)


def _throw(run: Run, token: Token, node: Node, payload: Any) -> None:
    for definition in node.events:
        if not KINDS[definition.kind].throw(run, token, node, definition):
            return
    activity.complete(run, token, node, {})


def _loop_throw(run: Run, token: Token, node: Node, payload: Any) -> None:
    if throw_for(run, token, node):
        activity.instance_done(run, token, node)


def _listen(run: Run, token: Token, node: Node, payload: Any) -> None:
    listeners.begin(run, token, node, payload["phase"], payload["index"])


def _outward(run: Run, token: Token, node: Node, payload: Any) -> None:
    activity.outward(run, token, node)


def _starved(run: Run, token: Token, node: Node, payload: Any) -> None:
    """Nothing to repeat: the end of this step judges anew whether the token can still be joined."""
    run.edit_token(token.key).status = "joining"


def _ended(run: Run, token: Token, node: Node, payload: Any) -> None:
    scope_done(run, token.inner)


STAGES: Mapping[str, Callable[[Run, Token, Node, Any], None]] = MappingProxyType(
    {
        "enter": _enter,
        "open": _open,
        "work": _work,
        "complete": _complete,
        "caught": _caught,
        "arrived": _arrived,
        "leave": _leave,
        "split": _split,
        "throw": _throw,
        "loop-throw": _loop_throw,
        "listen": _listen,
        "outward": _outward,
        "ended": _ended,
        "starved": _starved,
    }
)
