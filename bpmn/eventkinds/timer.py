"""Timer events: date, duration, cycle, and the deadline timers whose instants the record step computes."""

from __future__ import annotations

from bpmn.commands import SetTimer
from bpmn.elements.events import TimerDefinition
from bpmn.eventkinds.kind import Catch, EventKind
from bpmn.instance.wait import TimerPlan
from bpmn.run.deadlines import arm_timer
from bpmn.run.evaluate import as_json, result, zone_of
from bpmn.run.functions import reference
from bpmn.run.rungs import inherit
from bpmn.timers.schedule import plan


class TimerKind(EventKind):
    kind = "timer"
    positions = ("start", "substart", "catch", "boundary")

    def arm(self, catch: Catch, definition: TimerDefinition) -> None:
        run = catch.run
        found = as_json(result(run, definition.value, catch.context(), catch.scope)[0])
        named = reference(found)
        if named is not None:
            each = definition.form == "cycle" and named[1] is None
            wait = catch.wait("timer", timer=TimerPlan(deadline=named[0], rung=named[1], each_rung=each))
            arm_timer(run, inherit(run, wait))
            return
        timer = plan(definition.form, found, run.now, zone_of(run, catch.scope))
        wait = catch.wait("timer", timer=timer)
        if timer.at:
            run.commands.append(SetTimer(wait.key, catch.node.id, timer.at))
