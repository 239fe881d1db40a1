"""What a step opened and closed again is nobody's business outside."""

from __future__ import annotations

from collections.abc import Sequence

from bpmn.commands import (
    CancelJob,
    CancelTimer,
    CloseSignal,
    CloseSubscription,
    CloseTask,
    Command,
    CreateTask,
    EvaluateDecision,
    OpenSignal,
    OpenSubscription,
    ResolveDefinition,
    SetTimer,
    StartJob,
)

# The field with the key of what the command closes, or opens. An incident is logged even if it was raised and resolved.
CLOSED: dict[type, str] = {
    CloseTask: "task_key",
    CancelJob: "job_key",
    CancelTimer: "timer_key",
    CloseSubscription: "subscription_key",
    CloseSignal: "subscription_key",
}
OPENED: dict[type, str] = {
    CreateTask: "task_key",
    StartJob: "job_key",
    SetTimer: "timer_key",
    OpenSubscription: "subscription_key",
    OpenSignal: "subscription_key",
    ResolveDefinition: "request_key",
    EvaluateDecision: "request_key",
}


def settle_reopened(commands: Sequence[Command], first_key: int) -> tuple[Command, ...]:
    """As ``settle``, but a timer that was cancelled and then set again is open."""
    again: dict[int, bool] = {}
    for command in commands:
        if isinstance(command, CancelTimer) and command.timer_key >= first_key:
            again[command.timer_key] = False
        elif isinstance(command, SetTimer) and command.timer_key in again:
            again[command.timer_key] = True
    if any(again.values()):
        commands = [one for one in commands if not (isinstance(one, CancelTimer) and again.get(one.timer_key))]
    return settle(commands, first_key)


def settle(commands: Sequence[Command], first_key: int) -> tuple[Command, ...]:
    """``first_key`` is the first key that this step could hand out: an older one is known outside."""
    gone: dict[int, None] = {}
    for command in commands:
        field = CLOSED.get(type(command))
        if field is not None and getattr(command, field) >= first_key:
            gone[getattr(command, field)] = None
    if not gone:
        return tuple(commands)
    return tuple(command for command in commands if _key(command) not in gone)


def _key(command: Command) -> int:
    field = CLOSED.get(type(command)) or OPENED.get(type(command))
    return 0 if field is None else getattr(command, field)
