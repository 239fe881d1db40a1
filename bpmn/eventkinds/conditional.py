"""Conditional events: caught when the condition becomes true, at arming or by a change of variables."""

from __future__ import annotations

from bpmn.elements.events import ConditionalDefinition
from bpmn.errors import Failure
from bpmn.eventkinds.kind import Catch, EventKind
from bpmn.instance.wait import Wait
from bpmn.run.catching import fire
from bpmn.run.evaluate import result
from bpmn.run.run import Run
from bpmn.run.variables import visible, visible_in
from bpmn.step import TraceEntry


class ConditionalKind(EventKind):
    kind = "conditional"
    positions = ("start", "substart", "catch", "boundary")

    def arm(self, catch: Catch, definition: ConditionalDefinition) -> None:
        catch.wait("conditional")
        catch.run.changed = True


def evaluate_conditions(run: Run) -> None:
    """§10.5.5: a condition must have become false before it can be caught again. Null is not true."""
    run.changed = False
    for key in sorted(run.conditions, key=lambda key: (run.waits[key].scope, key)):
        wait = run.waits.get(key)
        if wait is None:
            continue
        holds = _holds(run, wait)
        if holds != wait.last:
            wait = run.update_wait(wait, last=holds)
            if holds:
                fire(run, wait, {})


def _holds(run: Run, wait: Wait) -> bool:
    node = run.graph(wait.scope).nodes[wait.node]
    definition = node.events[wait.index]
    assert isinstance(definition, ConditionalDefinition)
    token = run.tokens.get(wait.token)
    context = visible(run, token) if token is not None else visible_in(run, wait.scope)
    try:
        return result(run, definition.condition, context, wait.scope)[0] is True
    except Failure as failure:
        # Stopped by the evaluation's budget: not true, and the history says why.
        run.trace.append(TraceEntry("incident", wait.node, run.scopes[wait.scope].graph, wait.scope, failure.reason))
        return False
