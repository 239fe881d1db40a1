"""A person's act from request to answer: stored, told to the execution, settled. The same for pages and JSON."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from api.services import Services
from cases import access
from cases.access import Actor
from cases.errors import Conflict, NotFound
from cases.intake import instance_id_of
from cases.orders.states import PROCESS as ORDER
from cases.submissions import Act, actor_ref, refuse, submit
from cases.tables.complaints import Complaint
from cases.tables.engine import Instance
from cases.tables.worklist import Submission


@dataclass(frozen=True)
class Outcome:
    submission_id: str
    complaint_id: str
    status: str
    sentence: str | None = None
    order_id: str | None = None


async def case_time(session: AsyncSession, services: Services, complaint_id: str) -> datetime:
    return services.case_now(await session.get(Instance, instance_id_of(complaint_id)))


async def perform(services: Services, actor: Actor, wanted: Act) -> Outcome:
    """Raises the problems of ``submit``, and Conflict when the execution refuses; then the refusal is stored."""
    async with services.transaction() as session:
        now = await case_time(session, services, wanted.complaint_id)
        row = await submit(session, services.definitions, actor, wanted, now)
        status, refusal = row.status, row.refusal
    if status == "refused":
        raise Conflict(refusal or "这一办理动作没有被接受。")
    if status == "done":
        return Outcome(row.id, wanted.complaint_id, "done")
    try:
        sent = await services.client.send(row.id, row.instance_id, row.event, actor_ref(row))
    except Conflict as refused:
        async with services.transaction() as session:
            await refuse(session, row.id, refused.sentence)
        raise
    return Outcome(row.id, wanted.complaint_id, "pending" if sent.pending else "done")


async def follow(session: AsyncSession, actor: Actor, submission_id: str) -> Outcome:
    """Where a submission stands, for who may see its case. Raises NotFound."""
    row = await session.get(Submission, submission_id)
    instance = await session.get(Instance, row.instance_id) if row else None
    seen = instance and await session.scalar(
        access.visible(actor).where(Complaint.id == instance.business_key).with_only_columns(Complaint.id)
    )
    if row is None or instance is None or not seen:
        raise NotFound("没有找到这次提交，或者您无权查看。")
    order_id = instance.id.partition(":")[2] if instance.process_id == ORDER else None
    return Outcome(row.id, instance.business_key, row.status, row.refusal, order_id)
