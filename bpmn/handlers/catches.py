"""Timers, messages and signals that reach a catch, and what the record step says of a deadline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bpmn.commands import SetTimer
from bpmn.events import DeadlineSet, MessageDelivered, SignalDelivered, TimerFired
from bpmn.handlers.handler import Handler, WaitHandler
from bpmn.instance.wait import TimerPlan, Wait
from bpmn.model import Graph
from bpmn.run import deadlines, rungs
from bpmn.run.cancel import close_wait
from bpmn.run.catching import fire
from bpmn.run.evaluate import zone_of
from bpmn.run.run import Run
from bpmn.state import State
from bpmn.step import Refusal
from bpmn.timers.schedule import following
from bpmn.values import Json


class FireTimer(WaitHandler):
    kind = "timer"
    field = "timer_key"
    closed = "timer-closed"
    sentence = "Timer {key} is not armed."

    def apply(self, run: Run, event: TimerFired) -> None:
        wait = self.wait(run, event)
        plan = wait.timer
        assert plan is not None
        carry: dict[str, Json] | None = None
        if plan.deadline:
            # Not "deadline": a variable of that name would hide the function from the handler.
            carry = {"rung": plan.armed or plan.rung or "due", "deadlineName": plan.deadline}
            plan = rungs.spend(run, plan)
        wait = run.update_wait(wait, timer=plan)
        if wait.role == "self" and _again(run, wait, plan):
            self._spawn(run, wait, carry)
        else:
            fire(run, wait, {}, carry)
        _rearm(run, wait.key)

    def _spawn(self, run: Run, wait: Wait, carry: dict[str, Json] | None) -> None:
        """An intermediate cycle: every time but the last a further token goes on."""
        token = run.tokens[wait.token]
        spawned = run.new_token(token.scope, token.node, token.flow, {**(token.carry or {}), **(carry or {})} or None)
        run.push("caught", spawned)


def _again(run: Run, wait: Wait, plan: TimerPlan) -> bool:
    if not plan.deadline:
        return plan.left != 0
    live = run.deadlines.get(plan.bound)
    return live is not None and plan.each_rung and rungs.next_rung(run, live, plan) is not None


def _rearm(run: Run, key: int) -> None:
    wait = run.waits.get(key)
    if wait is None or wait.timer is None:
        return
    if wait.timer.deadline:
        # Further rungs, or a later revision of the deadline, may still come.
        deadlines.arm_timer(run, wait)
        return
    plan = following(wait.timer, zone_of(run, wait.scope))
    if plan is None:
        if not run.graph(wait.scope).nodes[wait.node].parallel_multiple:
            close_wait(run, wait)
        else:
            run.update_wait(wait, timer=replace(wait.timer, at=""))
        return
    run.update_wait(wait, timer=plan)
    run.commands.append(SetTimer(wait.key, wait.node, plan.at))


class DeliverMessage(WaitHandler):
    kind = "message"
    field = "subscription_key"
    closed = "subscription-closed"
    sentence = "Nothing waits for this message any more (subscription {key})."

    def apply(self, run: Run, event: MessageDelivered) -> None:
        fire(run, self.wait(run, event), event.variables)


class DeliverSignal(WaitHandler):
    kind = "signal"
    field = "subscription_key"
    closed = "subscription-closed"
    sentence = "Nothing waits for this signal any more (subscription {key})."

    def apply(self, run: Run, event: SignalDelivered) -> None:
        fire(run, self.wait(run, event), event.variables)


class SetDeadline(Handler):
    def check(self, graphs: Mapping[str, Graph], state: State, event: DeadlineSet) -> Refusal | None:
        if event.deadline_key not in state.deadlines:
            return Refusal("deadline-closed", f"Deadline {event.deadline_key} has ended.")
        return None

    def apply(self, run: Run, event: DeadlineSet) -> None:
        deadlines.answer(run, event)


HANDLERS = {
    TimerFired: FireTimer(),
    MessageDelivered: DeliverMessage(),
    SignalDelivered: DeliverSignal(),
    DeadlineSet: SetDeadline(),
}
