"""What an open state still waits for from the shell: commands to issue again when a new run takes the state over.

Tasks, subscriptions, deadlines and incidents live in the read model and need no repetition; timers, jobs and requests
live in the run that ended.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from types import MappingProxyType

from bpmn.behaviours.table import BEHAVIOURS
from bpmn.commands import Command, EvaluateDecision, ResolveDefinition, SetTimer, StartJob
from bpmn.instance.wait import Wait
from bpmn.model import Graph
from bpmn.run.run import Run
from bpmn.state import State

# An instant that nothing depends on: neither jobs nor requests are told the time.
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def outstanding(graphs: Mapping[str, Graph], state: State) -> tuple[Command, ...]:
    """In order of key, each with the key that the state knows it by."""
    found: list[Command] = []
    for wait in sorted(state.waits.values(), key=lambda wait: wait.key):
        make = _MAKERS.get(wait.kind)
        command = None if make is None else make(graphs, state, wait)
        if command is not None:
            found.append(command)
    return tuple(found)


def _timer(graphs: Mapping[str, Graph], state: State, wait: Wait) -> Command | None:
    plan = wait.timer
    if plan is None or not plan.at:
        return None
    live = state.deadlines.get(plan.bound)
    if live is None:
        return SetTimer(wait.key, wait.node, plan.at)
    return SetTimer(wait.key, wait.node, plan.at, live.key, live.revision, plan.armed)


def _request(graphs: Mapping[str, Graph], state: State, wait: Wait) -> Command | None:
    """The behaviour is asked again in a step that is thrown away, so that there is one place that knows how."""
    run = Run(graphs, state, _EPOCH)
    token = run.edit_token(wait.token)
    node = run.node(token)
    BEHAVIOURS[node.kind].enter(run, token, node)
    for command in run.commands:
        if isinstance(command, StartJob):
            return replace(command, job_key=wait.key)
        if isinstance(command, (ResolveDefinition, EvaluateDecision)):
            return replace(command, request_key=wait.key)
    return None


_MAKERS: Mapping[str, Callable[[Mapping[str, Graph], State, Wait], Command | None]] = MappingProxyType(
    {"timer": _timer, "job": _request, "definition": _request, "decision": _request}
)
