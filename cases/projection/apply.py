"""One applied step into the read model: a table from command to projection."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from itertools import groupby
from typing import Any

from bpmn import commands as c
from bpmn.step import Step
from cases.projection import deadlines, outcome, said, tasks
from cases.projection.context import Projecting

Projection = Callable[[Projecting, Any], Awaitable[None]]

ProjectionOfMany = Callable[[Projecting, Sequence[Any]], Awaitable[None]]

PROJECTIONS: dict[type, Projection] = {
    c.ArmDeadline: deadlines.arm,
    c.PauseDeadline: deadlines.pause,
    c.ResumeDeadline: deadlines.resume,
    c.ExtendDeadline: deadlines.extend,
    c.EndDeadline: deadlines.end,
    c.RaiseIncident: outcome.raise_incident,
    c.ResolveIncident: outcome.resolve_incident,
    c.CompleteInstance: outcome.complete,
    c.PublishMessage: said.publish,
    c.BroadcastSignal: said.broadcast,
}
# A step can open or close ten thousand tasks: a statement for each would take longer than the record may.
OF_MANY: dict[type, ProjectionOfMany] = {
    c.CreateTask: tasks.create_tasks,
    c.CloseTask: tasks.close_tasks,
    c.OpenSubscription: tasks.open_subscriptions,
    c.CloseSubscription: tasks.close_subscriptions,
    c.OpenSignal: said.open_signals,
    c.CloseSignal: said.close_signals,
}


async def project(ctx: Projecting, step: Step) -> None:
    """Everything in the caller's transaction: the step row and the read model change together or not at all.

    New rows are sent together, with the first statement that could see them.
    """
    for kind, commands in groupby(step.commands, type):
        if kind in OF_MANY:
            await OF_MANY[kind](ctx, list(commands))
        elif kind in PROJECTIONS:
            for command in commands:
                await PROJECTIONS[kind](ctx, command)
    for entry in step.trace:
        await outcome.note_entry(ctx, entry)
