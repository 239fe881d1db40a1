"""Deadlines as the core sees them: it starts, pauses, extends and ends clocks, and never counts a day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from bpmn.commands import (
    ArmDeadline,
    CancelTimer,
    EndDeadline,
    ExtendDeadline,
    PauseDeadline,
    ResumeDeadline,
    SetTimer,
)
from bpmn.elements.expression import Value
from bpmn.elements.node import DeadlinePlan, Node
from bpmn.errors import Failure
from bpmn.events import DeadlineSet
from bpmn.instance.deadline import Deadline
from bpmn.instance.token import Token
from bpmn.instance.wait import TimerPlan, Wait
from bpmn.run import rungs
from bpmn.run.evaluate import as_json, json_at, kind, names, plain, result, zone_of
from bpmn.run.run import Run
from bpmn.run.variables import visible
from bpmn.timers.schedule import moment
from bpmn.values import Json


def on_entry(run: Run, token: Token, node: Node, plan: DeadlinePlan) -> None:
    for name in names(run, plan.starts, token, "The deadline's name"):
        owner = token.scope
        if plan.scope == "process":
            while run.scopes[owner].kind != "process":
                owner = run.scopes[owner].parent
        _arm(run, token, node, plan, name, owner, of_scope=True)
    for name in names(run, plan.own, token, "The deadline's name"):
        _arm(run, token, node, plan, name, token.key, of_scope=False)
    for name in names(run, plan.pauses, token, "The paused deadline"):
        found = find(run, token, name)
        if found is not None:
            _pause(run, token, found, node)
    for name in names(run, plan.extends, token, "The extended deadline"):
        found = find(run, token, name)
        if found is not None:
            by = _text(run, plan.extend_by, token, "The extension")
            reason = _text(run, plan.extend_reason, token, "The reason") if plan.extend_reason else ""
            run.commands.append(ExtendDeadline(found.key, by, run.now.isoformat(), reason))


def on_completion(run: Run, token: Token, plan: DeadlinePlan) -> None:
    resume_paused(run, token)
    end_owned(run, token.key, token.deadlines, "met")
    if token.deadlines:
        run.edit_token(token.key).deadlines = ()
    for value, outcome in ((plan.ends, "met"), (plan.cancels, "cancelled")):
        for name in names(run, value, token, "The ended deadline"):
            found = find(run, token, name)
            if found is not None:
                _end(run, found, outcome)


def _arm(run: Run, token: Token, node: Node, plan: DeadlinePlan, name: str, owner: int, *, of_scope: bool) -> None:
    for old in [live for live in run.deadlines.values() if live.owner == owner and live.name == name]:
        # The stage was returned to: its clock starts anew, and the old one counts for nobody.
        _end(run, old, "cancelled")
    starts = _starts(run, plan.since, token)
    limit = None if plan.limit is None else json_at(run, plan.limit, token)
    key = run.key()
    run.deadlines[key] = Deadline(key, name, owner, token.scope, node.id)
    if of_scope:
        scope = run.edit_scope(owner)
        scope.deadlines = (*scope.deadlines, key)
    else:
        held = run.edit_token(owner)
        held.deadlines = (*held.deadlines, key)
    run.commands.append(ArmDeadline(key, name, node.id, starts, None if limit is None else plain(limit)))
    rebind(run, name)


def _starts(run: Run, since: Value | None, token: Token) -> dict[str, str]:
    if since is None:
        return {"entry": run.now.isoformat()}
    found = as_json(result(run, since, visible(run, token), token.scope)[0])
    zone = zone_of(run, token.scope)
    if isinstance(found, str) and found:
        return {"entry": moment(found, zone).isoformat()}
    if isinstance(found, dict):
        return {name: moment(plain(value), zone).isoformat() for name, value in found.items() if value is not None}
    raise Failure("deadline-from", f"{since.text} is {kind(found)}, not an instant or a context of instants.")


def _text(run: Run, value: Value | None, token: Token, what: str) -> str:
    found = None if value is None else json_at(run, value, token)
    if found is None or isinstance(found, (dict, list, bool)):
        raise Failure("deadline-extension", f"{what} is {kind(found)}, not a text such as 30d.")
    return plain(found)


def owners(run: Run, scope_key: int, token: Token | None) -> Iterator[int]:
    """Keys that can own a deadline, from the innermost outwards, through call activities too."""
    while True:
        if token is not None:
            yield token.key
        scope = run.scopes[scope_key]
        yield scope_key
        if not scope.owner or scope.owner not in run.tokens:
            return
        token, scope_key = run.tokens[scope.owner], scope.parent


def find(run: Run, token: Token | None, name: str, scope_key: int = 0) -> Deadline | None:
    """The nearest live deadline of this name."""
    return next(clocks_of(run, token, name, scope_key), None)


def clocks_of(run: Run, token: Token | None, name: str, scope_key: int = 0) -> Iterator[Deadline]:
    """All of this name that a timer may come to follow, from the innermost outwards."""
    if not run.deadlines:
        return
    for owner in owners(run, token.scope if token else scope_key, token):
        for live in run.deadlines.values():
            if live.owner == owner and live.name == name:
                yield live


def followed(run: Run, wait: Wait) -> Iterator[Deadline]:
    assert wait.timer is not None
    return clocks_of(run, run.tokens.get(wait.token), wait.timer.deadline, wait.scope)


def _pause(run: Run, token: Token, found: Deadline, node: Node) -> None:
    if not found.pausers:
        run.commands.append(PauseDeadline(found.key, run.now.isoformat(), node.name or node.id))
    run.deadlines[found.key] = replace(found, pausers=(*found.pausers, token.key))
    held = run.edit_token(token.key)
    held.pauses = (*held.pauses, found.key)


def resume_paused(run: Run, token: Token) -> None:
    if not token.pauses:
        return
    for key in token.pauses:
        live = run.deadlines.get(key)
        if live is None:
            continue
        left = tuple(pauser for pauser in live.pausers if pauser != token.key)
        run.deadlines[key] = replace(live, pausers=left)
        if not left:
            run.commands.append(ResumeDeadline(key, run.now.isoformat()))
    run.edit_token(token.key).pauses = ()


def end_owned(run: Run, owner: int, keys: tuple[int, ...], outcome: str) -> None:
    for key in keys:
        live = run.deadlines.get(key)
        if live is not None and live.owner == owner:
            _end(run, live, outcome)


def _end(run: Run, live: Deadline, outcome: str) -> None:
    del run.deadlines[live.key]
    run.commands.append(EndDeadline(live.key, run.now.isoformat(), outcome))
    for wait, plan in _naming(run, live.name):
        bound = plan.bound == live.key
        left = rungs.without(run, plan, live, last=bound and next(followed(run, wait), None) is None)
        if left is not plan:
            wait = run.update_wait(wait, timer=left)
        if bound:
            _disarm(run, wait, bound=0)
    if run.rules.rungs_by_clock:
        run.ended_clocks[live.name] = None


def go_back(run: Run) -> None:
    """What followed a clock that has ended follows the next one outwards, when the step has come to rest."""
    ended, run.ended_clocks = run.ended_clocks, {}
    for name in ended:
        for wait, plan in _naming(run, name):
            if not plan.bound and next(followed(run, wait), None) is not None:
                arm_timer(run, wait)


def tell_apart(run: Run) -> None:
    """The live clocks of a name shared what their timers had fired; from now on each has its own."""
    for wait in [wait for wait in run.waits.values() if wait.timer is not None and wait.timer.deadline]:
        assert wait.timer is not None
        clocks = list(followed(run, wait))
        plan = rungs.told_apart(wait.timer, clocks, run.now)
        wait = run.update_wait(wait, timer=plan)
        target = rungs.next_rung(run, clocks[0], plan) if clocks else None
        if (plan.bound, plan.armed, plan.at) != (clocks[0].key if clocks else 0, *(target or ("", ""))):
            arm_timer(run, wait)


def _naming(run: Run, name: str) -> list[tuple[Wait, TimerPlan]]:
    plans = [(wait, wait.timer) for wait in run.waits.values()]
    return [(wait, plan) for wait, plan in plans if plan is not None and plan.deadline == name]


def withdraw(run: Run, token: Token, element: str) -> None:
    """The clocks that this token started at ``element``, its own and those it started for its scope."""
    for live in [live for live in run.deadlines.values() if live.element == element and live.scope == token.scope]:
        _end(run, live, "cancelled")


def answer(run: Run, event: DeadlineSet) -> None:
    """The record step has computed the deadline: instants for the timers, a variable for the conditions."""
    live = run.deadlines[event.deadline_key]
    if event.revision <= live.revision:
        return
    ladder = dict(sorted(event.rungs.items(), key=lambda item: (datetime.fromisoformat(item[1]), item[0])))
    live = replace(live, revision=event.revision, due=event.due, due_at=event.due_at, rungs=ladder)
    run.deadlines[live.key] = live
    entry: dict[str, Json] = {
        "due": event.due,
        "due_at": event.due_at,
        "revision": event.revision,
        "provisional": event.provisional,
    }
    if live.owner in run.scopes:
        scope = run.edit_scope(live.owner)
        scope.variables["deadlines"] = _with(scope.variables.get("deadlines"), live.name, entry)
    elif live.owner in run.tokens:
        token = run.edit_token(live.owner)
        local = token.locals or {}
        token.locals = {**local, "deadlines": _with(local.get("deadlines"), live.name, entry)}
    run.touch("deadlines", known=True)
    rebind(run, live.name)


def _with(held: Json, name: str, entry: dict[str, Json]) -> dict[str, Json]:
    return {**(held if isinstance(held, dict) else {}), name: entry}


def rebind(run: Run, name: str) -> None:
    """Every timer that names this deadline looks again which live one it follows, and when."""
    for wait, _ in _naming(run, name):
        arm_timer(run, wait)


def arm_timer(run: Run, wait: Wait) -> None:
    plan = wait.timer
    assert plan is not None
    live = next(followed(run, wait), None)
    target = None if live is None else rungs.next_rung(run, live, plan)
    if live is None or target is None:
        _disarm(run, wait, bound=live.key if live else 0)
        return
    rung, at = target
    run.update_wait(wait, timer=replace(plan, bound=live.key, armed=rung, at=at))
    run.commands.append(SetTimer(wait.key, wait.node, at, live.key, live.revision, rung))


def _disarm(run: Run, wait: Wait, bound: int) -> None:
    plan = wait.timer
    assert plan is not None
    if plan.at:
        run.commands.append(CancelTimer(wait.key))
    run.update_wait(wait, timer=replace(plan, at="", armed="", bound=bound))
