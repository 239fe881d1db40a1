"""Conditional events: caught when the condition becomes true, at arming or by a change of variables."""

from __future__ import annotations

from collections.abc import Mapping

from bpmn.elements.events import ConditionalDefinition
from bpmn.errors import Failure
from bpmn.eventkinds.kind import Catch, EventKind
from bpmn.instance.wait import Wait
from bpmn.run.catching import fire
from bpmn.run.evaluate import result
from bpmn.run.run import Run
from bpmn.run.variables import visible, visible_in
from bpmn.step import TraceEntry

# What an expression may read beside variables: then any change is an occasion to look again.
_CLOCKS = ("now(", "today(")


class ConditionalKind(EventKind):
    kind = "conditional"
    positions = ("start", "substart", "catch", "boundary")

    def arm(self, catch: Catch, definition: ConditionalDefinition) -> None:
        catch.wait("conditional")


def evaluate_conditions(run: Run) -> int:
    """§10.5.5: a condition must have become false before it can be caught again. Null is not true.

    The number of conditions that were judged.
    """
    armed, written, everything = run.armed, run.written, run.everything
    run.changed, run.armed, run.written, run.everything = False, {}, {}, False
    concerned = dict(run.conditions)
    if run.rules.prompt_conditions and not everything:
        concerned = {key: None for key in armed if key in run.conditions}
        for place, keys in run.watching().items() if written else ():
            if _concerned(run, place, written):
                concerned.update((key, None) for key in keys if key in run.conditions)
    for key in sorted(concerned, key=lambda key: (run.waits[key].scope, key)):
        wait = run.waits.get(key)
        if wait is None:
            continue
        holds = _holds(run, wait)
        if holds != wait.last:
            wait = run.update_wait(wait, last=holds)
            if holds:
                fire(run, wait, {})
    return len(concerned)


def _concerned(run: Run, place: tuple[str, str, int], written: Mapping[tuple[str, bool], None]) -> bool:
    """Whether one of the variables that were written can change what the condition says."""
    graph, node, index = place
    definition = run.graphs[graph].nodes[node].events[index]
    assert isinstance(definition, ConditionalDefinition)
    if definition.names or definition.changes:
        return any(
            (not definition.names or name in definition.names)
            and (not definition.changes or ("update" if known else "create") in definition.changes)
            for name, known in written
        )
    text = definition.condition.text
    # A name with spaces may be written with others: it counts as named.
    return any(name in text or not name.isidentifier() for name, _ in written) or (
        bool(written) and any(clock in text for clock in _CLOCKS)
    )


def _definition(run: Run, wait: Wait) -> ConditionalDefinition:
    definition = run.graph(wait.scope).nodes[wait.node].events[wait.index]
    assert isinstance(definition, ConditionalDefinition)
    return definition


def _holds(run: Run, wait: Wait) -> bool:
    definition = _definition(run, wait)
    token = run.tokens.get(wait.token)
    context = visible(run, token) if token is not None else visible_in(run, wait.scope)
    try:
        return result(run, definition.condition, context, wait.scope)[0] is True
    except Failure as failure:
        # Stopped by the evaluation's budget: not true, and the history says why.
        run.trace.append(TraceEntry("incident", wait.node, run.scopes[wait.scope].graph, wait.scope, failure.reason))
        return False
