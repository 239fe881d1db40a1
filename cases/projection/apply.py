"""One applied step into the read model: a table from command to projection."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from bpmn import commands as c
from bpmn.step import Step
from cases.projection import deadlines, outcome, tasks
from cases.projection.context import Projecting

Projection = Callable[[Projecting, Any], Awaitable[None]]

PROJECTIONS: dict[type, Projection] = {
    c.CreateTask: tasks.create_task,
    c.CloseTask: tasks.close_task,
    c.OpenSubscription: tasks.open_subscription,
    c.CloseSubscription: tasks.close_subscription,
    c.ArmDeadline: deadlines.arm,
    c.PauseDeadline: deadlines.pause,
    c.ResumeDeadline: deadlines.resume,
    c.ExtendDeadline: deadlines.extend,
    c.EndDeadline: deadlines.end,
    c.RaiseIncident: outcome.raise_incident,
    c.ResolveIncident: outcome.resolve_incident,
    c.CompleteInstance: outcome.complete,
}


async def project(ctx: Projecting, step: Step) -> None:
    """Everything in the caller's transaction: the step row and the read model change together or not at all."""
    for command in step.commands:
        projection = PROJECTIONS.get(type(command))
        if projection is not None:
            await projection(ctx, command)
            await ctx.session.flush()
    for entry in step.trace:
        await outcome.note_entry(ctx, entry)
