"""What is interrupted, with everything inside it, in the same step."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from bpmn.commands import (
    CancelJob,
    CancelTimer,
    CloseSignal,
    CloseSubscription,
    CloseTask,
    Command,
)
from bpmn.instance.token import Token
from bpmn.instance.wait import Wait
from bpmn.run import deadlines
from bpmn.run.flow import drop, resolve_incidents
from bpmn.run.run import Run

# A request for a definition or decision is not called back: its late answer is refused.
CLOSERS: Mapping[str, Callable[[Wait, str], Command | None]] = MappingProxyType(
    {
        "task": lambda wait, reason: CloseTask(wait.key, "cancelled", reason),
        "job": lambda wait, reason: CancelJob(wait.key),
        "timer": lambda wait, reason: CancelTimer(wait.key) if wait.timer is None or wait.timer.at else None,
        "message": lambda wait, reason: CloseSubscription(wait.key),
        "signal": lambda wait, reason: CloseSignal(wait.key),
        "conditional": lambda wait, reason: None,
        "definition": lambda wait, reason: None,
        "decision": lambda wait, reason: None,
    }
)


def cancel_waits(run: Run, keys: Iterable[int], reason: str = "") -> None:
    for key in keys:
        wait = run.waits.pop(key, None)
        if wait is None:
            continue
        run.conditions.pop(key, None)
        command = CLOSERS[wait.kind](wait, reason)
        if command is not None:
            run.commands.append(command)


def close_wait(run: Run, wait: Wait) -> None:
    """One wait that was answered. Timers, jobs and requests end by being answered; a subscription must be told."""
    run.waits.pop(wait.key, None)
    run.conditions.pop(wait.key, None)
    if wait.kind == "message":
        run.commands.append(CloseSubscription(wait.key))
    elif wait.kind == "signal":
        run.commands.append(CloseSignal(wait.key))
    if wait.token in run.tokens and wait.key in run.tokens[wait.token].waits:
        token = run.edit_token(wait.token)
        token.waits = tuple(key for key in token.waits if key != wait.key)
    elif wait.scope in run.scopes and wait.key in run.scopes[wait.scope].waits:
        scope = run.edit_scope(wait.scope)
        scope.waits = tuple(key for key in scope.waits if key != wait.key)


def cancel_token(run: Run, token: Token, reason: str = "") -> None:
    """The token and its activity's whole inside are gone. Does not ask whether the scope has ended."""
    strip(run, token, reason)
    run.log("cancelled", token, reason)
    drop(run, run.tokens[token.key])


def strip(run: Run, token: Token, reason: str = "") -> None:
    """Everything that the token's activity has opened is closed; the token itself stays."""
    token = run.edit_token(token.key)
    if token.inner:
        cancel_scope(run, token.inner, reason)
        token.inner = 0
    cancel_waits(run, token.waits, reason)
    token.waits = ()
    deadlines.resume_paused(run, token)
    deadlines.end_owned(run, token.key, token.deadlines, "cancelled")
    token.deadlines = ()
    resolve_incidents(run, token.key)


def cancel_scope(run: Run, scope_key: int, reason: str = "") -> None:
    cancel_content(run, scope_key, reason)
    close_scope(run, scope_key)


def cancel_content(run: Run, scope_key: int, reason: str = "", spare: int = 0) -> None:
    """All tokens of the scope but one, and its subscriptions."""
    for key in tuple(run.scopes[scope_key].tokens):
        if key != spare and key in run.tokens:
            cancel_token(run, run.tokens[key], reason)
    scope = run.edit_scope(scope_key)
    cancel_waits(run, scope.waits, reason)
    scope.waits = ()


def close_scope(run: Run, scope_key: int) -> None:
    """The scope has no token left: what it still owns ends with it."""
    scope = run.scopes.pop(scope_key)
    cancel_waits(run, scope.waits)
    deadlines.end_owned(run, scope_key, scope.deadlines, "cancelled")
