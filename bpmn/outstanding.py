"""What the shell still owes an instance: armed timers, running jobs, open lookups.

Folded from the same events and commands by the shell and by the step log, so that a continued or restored execution
takes up exactly what was open.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bpmn.commands import (
    CancelJob,
    CancelTimer,
    Command,
    EvaluateDecision,
    ResolveDefinition,
    SetTimer,
    StartJob,
)
from bpmn.events import (
    DecisionEvaluated,
    DefinitionMissing,
    DefinitionResolved,
    Event,
    JobCompleted,
    JobErrored,
    JobFailed,
    TimerFired,
)

Open = Mapping[int, Command]

# Which field of an event or command names what it closes, and of a command what it opens.
_CLOSED_BY_EVENT: Mapping[type, str] = {
    JobCompleted: "job_key",
    JobErrored: "job_key",
    JobFailed: "job_key",
    TimerFired: "timer_key",
    DefinitionResolved: "request_key",
    DefinitionMissing: "request_key",
    DecisionEvaluated: "request_key",
}
_CLOSED_BY_COMMAND: Mapping[type, str] = {CancelJob: "job_key", CancelTimer: "timer_key"}
_OPENED: Mapping[type, str] = {
    SetTimer: "timer_key",
    StartJob: "job_key",
    ResolveDefinition: "request_key",
    EvaluateDecision: "request_key",
}


def fold(open_: Open, event: Event | None, commands: Iterable[Command]) -> dict[int, Command]:
    """What is open after a step, in the order in which it was opened."""
    after = dict(open_)
    closed = _CLOSED_BY_EVENT.get(type(event))
    if closed is not None:
        after.pop(getattr(event, closed), None)
    for command in commands:
        opens = _OPENED.get(type(command))
        if opens is not None:
            after[getattr(command, opens)] = command
            continue
        closes = _CLOSED_BY_COMMAND.get(type(command))
        if closes is not None:
            after.pop(getattr(command, closes), None)
    return after


def opened(commands: Iterable[Command]) -> dict[int, Command]:
    """The mapping that ``fold`` works on, from its values."""
    return fold({}, None, commands)
