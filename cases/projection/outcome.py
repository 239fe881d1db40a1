"""Stages and statuses of a case, from the properties of the elements that a token entered; incidents; the end."""

from __future__ import annotations

from sqlalchemy import bindparam, insert, select, update

from bpmn.commands import CompleteInstance, RaiseIncident, ResolveIncident
from bpmn.step import TraceEntry
from cases.orders.lifecycle import ORDER_STATE, note_state
from cases.projection.context import Projecting
from cases.statements import run, table_of
from cases.tables.complaints import Complaint
from cases.tables.engine import Incident, StageEntry

STAGE = "jiannuo:stage"
STATUS = "jiannuo:status"

_ENTRY, _COMPLAINT = table_of(StageEntry), table_of(Complaint)
_LAST = (
    select(_ENTRY.c.number, _ENTRY.c.stage)
    .where(_ENTRY.c.instance_id == bindparam("of"))
    .order_by(_ENTRY.c.number.desc())
    .limit(1)
)
_ENTER = insert(_ENTRY)
_THIS = update(_COMPLAINT).where(_COMPLAINT.c.id == bindparam("of"))
_STAGE, _STATUS = _THIS.values(stage=bindparam("shown")), _THIS.values(status=bindparam("shown"))


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
        await run(ctx.session, _STATUS, {"of": ctx.complaint_id, "shown": status.text})


async def _enter(ctx: Projecting, stage: str) -> None:
    last = (await run(ctx.session, _LAST, {"of": ctx.instance.id})).one_or_none()
    if last is not None and last.stage == stage:
        return
    entry = {
        "instance_id": ctx.instance.id, "number": last.number + 1 if last is not None else 1, "stage": stage,
        "step": ctx.step, "at": ctx.at,
    }  # fmt: skip
    await run(ctx.session, _ENTER, entry)
    await run(ctx.session, _STAGE, {"of": ctx.complaint_id, "shown": stage})


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
