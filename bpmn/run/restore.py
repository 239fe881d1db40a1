"""A step goes back to the state before another one: what that opened is closed, what it closed is opened again.

Keys are never given twice: a task or subscription that was closed comes back with a new one. A timer keeps its key and
its instant.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bpmn.commands import RaiseIncident, ResolveIncident, SetTimer
from bpmn.eventkinds.kind import Catch
from bpmn.eventkinds.table import KINDS
from bpmn.instance.wait import Wait
from bpmn.run.cancel import cancel_waits
from bpmn.run.deadlines import arm_timer
from bpmn.run.run import Run
from bpmn.state import State
from bpmn.step import TraceEntry


def restore(run: Run, before: State, marks: Mapping[str, str]) -> None:
    cancel_waits(run, [key for key in run.waits if key not in before.waits], "undone")
    closed = [wait for key, wait in before.waits.items() if key not in run.waits]
    run.scopes, run.tokens = dict(before.scopes), dict(before.tokens)
    run.waits, run.conditions = dict(before.waits), dict(before.conditions)
    run.deadlines, run.status = dict(before.deadlines), before.status
    run.fresh = {}
    _incidents(run, before)
    for wait in closed:
        if wait.kind == "timer":
            _time(run, wait)
        else:
            _open(run, wait)
    for element, graph in marks.items():
        run.trace.append(TraceEntry("entered", element, graph, before.root, "undone"))
    run.touch_all()


def _incidents(run: Run, before: State) -> None:
    for key in [key for key in run.incidents if key not in before.incidents]:
        run.commands.append(ResolveIncident(key))
    resolved = [incident for key, incident in before.incidents.items() if key not in run.incidents]
    run.incidents = {key: incident for key, incident in before.incidents.items() if incident not in resolved}
    for incident in resolved:
        key = run.key()
        run.incidents[key] = replace(incident, key=key)
        run.commands.append(RaiseIncident(key, incident.token, incident.element, incident.rule, incident.reason))


def _time(run: Run, wait: Wait) -> None:
    plan = wait.timer
    assert plan is not None, "a timer waits by a plan"
    if plan.deadline:
        arm_timer(run, wait)
    elif plan.at:
        run.commands.append(SetTimer(wait.key, wait.node, plan.at))


def _open(run: Run, wait: Wait) -> None:
    del run.waits[wait.key]
    run.conditions.pop(wait.key, None)
    token = run.edit_token(wait.token) if wait.token else None
    if token is not None:
        token.waits = tuple(key for key in token.waits if key != wait.key)
    else:
        scope = run.edit_scope(wait.scope)
        scope.waits = tuple(key for key in scope.waits if key != wait.key)
    node = run.graph(wait.scope).nodes[wait.node]
    if node.events:
        definition = node.events[wait.index]
        KINDS[definition.kind].arm(Catch(run, wait.role, wait.scope, token, node, wait.index), definition)
    elif token is not None:
        # A task: its behaviour opens it as it did before.
        run.push("work", token)
