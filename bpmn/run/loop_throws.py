"""What a multi-instance activity throws while its instances complete: behavior None, One or Complex (§10.3.8)."""

from __future__ import annotations

from bpmn.elements.loop import MultiInstance
from bpmn.elements.node import Node
from bpmn.eventkinds.table import KINDS
from bpmn.instance.token import Token
from bpmn.run.catching import fire
from bpmn.run.evaluate import condition
from bpmn.run.loops import counts
from bpmn.run.run import Run
from bpmn.run.variables import Visible, layers_of


def throw_for(run: Run, token: Token, node: Node) -> bool:
    """Thrown by the activity as a whole, so that its boundary events catch; False when they ended it."""
    scope = run.scopes[token.scope]
    loop, state = node.loop, scope.loop
    assert isinstance(loop, MultiInstance)
    assert state is not None
    attributes = {**counts(state, len(scope.tokens) - 1), "loopCounter": token.index}
    host = run.tokens[scope.owner]
    for one in loop.throws:
        if one.first and state.completed:
            continue
        context = Visible([attributes, *layers_of(run, token.scope, token)])
        if one.condition is not None and not condition(run, one.condition, context, token.scope):
            continue
        if not one.events:
            _default_signal(run, host, node, attributes)
        for definition in one.events:
            if token.key in run.tokens:
                KINDS[definition.kind].throw(run, host, node, definition)
        if token.key not in run.tokens:
            return False
    return True


def _default_signal(run: Run, host: Token, node: Node, attributes: dict[str, int]) -> None:
    """Without a definition it is a signal that nobody else knows: every signal event on the boundary catches it."""
    run.log("thrown", host)
    for key in sorted(run.tokens[host.key].waits):
        wait = run.waits.get(key)
        if wait is not None and wait.kind == "signal" and wait.role == "boundary":
            fire(run, wait, {}, dict(attributes))
