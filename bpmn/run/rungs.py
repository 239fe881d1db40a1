"""Which rungs of which clock a timer has fired: each once for each clock that it has followed.

Before the rules said ``rungs_by_clock`` all live clocks of one name shared the record of a timer, under the key SHARED.
Cases that keep those rules keep it so, since what it withholds decides which timers are set.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bpmn.instance.deadline import Deadline
from bpmn.instance.wait import TimerPlan, Wait
from bpmn.run.run import Run

SHARED = 0
"""No clock has this key."""

FIRST_REVISION = 1
"""The record's first answer has at most this revision; a later one means that the clock has moved since."""


def _record(run: Run, clock: int) -> int:
    return clock if run.rules.rungs_by_clock else SHARED


def spend(run: Run, plan: TimerPlan) -> TimerPlan:
    """The timer has fired the rung that it was armed for."""
    key = _record(run, plan.bound)
    fired = {**plan.fired, key: (*plan.fired.get(key, ()), plan.armed)}
    return replace(plan, fired=fired, at="", armed="")


def without(run: Run, plan: TimerPlan, ended: Deadline, *, last: bool) -> TimerPlan:
    """Rungs are spent once for each clock: the next of the name has its whole ladder before it.

    ``last``: the timer followed it, and no other live clock of the name is left for it.
    """
    if run.rules.rungs_by_clock:
        left = {clock: rungs for clock, rungs in plan.fired.items() if clock != ended.key}
    else:
        left = {} if last else plan.fired
    return plan if left == plan.fired else replace(plan, fired=left)


def bequeath(run: Run, wait: Wait, heir: str) -> None:
    """A migration closes this timer: what ``heir`` arms in its place does not fire rungs of the clock again."""
    plan = wait.timer
    if plan is None or not plan.fired or not run.rules.rungs_by_clock:
        return
    place = (wait.scope, wait.token, heir, plan.deadline)
    held = dict(run.spent.get(place, {}))
    for clock, fired in plan.fired.items():
        held[clock] = tuple(dict.fromkeys((*held.get(clock, ()), *fired)))
    run.spent[place] = held


def inherit(run: Run, wait: Wait) -> Wait:
    plan = wait.timer
    assert plan is not None
    held = run.spent.get((wait.scope, wait.token, wait.node, plan.deadline))
    return run.update_wait(wait, timer=replace(plan, fired=dict(held))) if held else wait


def instant(live: Deadline, rung: str) -> str | None:
    return live.rungs.get(rung, live.due_at if rung == "due" else None)


def next_rung(run: Run, live: Deadline, plan: TimerPlan) -> tuple[str, str] | None:
    """The rung that the timer is to fire next for this clock, and its instant."""
    if live.due_at is None:
        return None
    fired = plan.fired.get(_record(run, live.key), ())
    if not plan.each_rung:
        rung = plan.rung or "due"
        at = instant(live, rung)
        return None if at is None or rung in fired else (rung, at)
    for rung, at in live.rungs.items():
        if rung not in fired:
            return rung, at
    return None


def told_apart(plan: TimerPlan, clocks: Sequence[Deadline], now: datetime) -> TimerPlan:
    """The shared record as one for each of the live ``clocks`` of the name, from the innermost outwards.

    A timer that follows the only one has fired all for that. Otherwise the state does not say which clock a rung was
    fired for: those for which its instant has passed; if it has for none, those that have moved since. So none is
    doubled, and of two that had both passed the shared record let only one fire.
    """
    shared = plan.fired.get(SHARED, ())
    if len(clocks) == 1 and plan.bound == clocks[0].key:
        return replace(plan, fired={plan.bound: shared} if shared else {})
    owners = {rung: _owners(clocks, rung, now) for rung in shared}
    found = {live.key: tuple(rung for rung in shared if live.key in owners[rung]) for live in clocks}
    return replace(plan, fired={clock: rungs for clock, rungs in found.items() if rungs})


def _owners(clocks: Sequence[Deadline], rung: str, now: datetime) -> list[int]:
    instants = [(live, instant(live, rung)) for live in clocks]
    passed = [live.key for live, at in instants if at is not None and datetime.fromisoformat(at) <= now]
    return passed or [live.key for live in clocks if live.revision > FIRST_REVISION]
