"""Stages and statuses of a case, from the properties of the elements that a token entered; incidents; the end."""

from __future__ import annotations

from sqlalchemy import select, update

from bpmn.commands import CompleteInstance, RaiseIncident, ResolveIncident
from bpmn.step import TraceEntry
from cases.orders.lifecycle import ORDER_STATE, note_state
from cases.projection.context import Projecting
from cases.tables.complaints import Complaint
from cases.tables.engine import Incident, StageEntry

STAGE = "jiannuo:stage"
STATUS = "jiannuo:status"


async def note_entry(ctx: Projecting, entry: TraceEntry) -> None:
    node = ctx.node(entry.graph_hash, entry.element_id) if entry.kind == "entered" else None
    if node is None:
        return
    stage, status = node.properties.get(STAGE), node.properties.get(STATUS)
    order_state = node.properties.get(ORDER_STATE)
    if order_state is not None:
        await note_state(ctx.session, ctx.instance.id, order_state.text, ctx.at)
    if stage is not None:
        await _enter(ctx, stage.text)
    if status is not None:
        await ctx.session.execute(update(Complaint).where(Complaint.id == ctx.complaint_id).values(status=status.text))


async def _enter(ctx: Projecting, stage: str) -> None:
    await ctx.session.flush()
    last = await ctx.session.scalar(
        select(StageEntry).where(StageEntry.instance_id == ctx.instance.id).order_by(StageEntry.number.desc()).limit(1)
    )
    if last is not None and last.stage == stage:
        return
    number = last.number + 1 if last is not None else 1
    ctx.session.add(
        StageEntry(instance_id=ctx.instance.id, number=number, stage=stage, step=ctx.step, at=ctx.at)
    )
    await ctx.session.execute(update(Complaint).where(Complaint.id == ctx.complaint_id).values(stage=stage))


async def raise_incident(ctx: Projecting, command: RaiseIncident) -> None:
    ctx.session.add(
        Incident(
            instance_id=ctx.instance.id, key=command.incident_key, token_key=command.token_key,
            element_id=command.element_id, rule=command.rule, reason=command.reason, raised_at=ctx.at,
        )
    )  # fmt: skip


async def resolve_incident(ctx: Projecting, command: ResolveIncident) -> None:
    await ctx.session.flush()
    await ctx.session.execute(
        update(Incident)
        .where(Incident.instance_id == ctx.instance.id, Incident.key == command.incident_key)
        .values(resolved_at=ctx.at)
    )


async def complete(ctx: Projecting, command: CompleteInstance) -> None:
    ctx.instance.status = "cancelled" if command.cancelled else "completed"
