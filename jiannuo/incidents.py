"""Stuck cases: what stands still and why, and an operator's acts on it, each with a reason in the audit log."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from temporalio.client import Client

from activities.stores import Stores
from bpmn import codec
from bpmn.events import Event
from cases import audit
from cases.tables.complaints import Complaint
from cases.tables.engine import Incident, Instance
from jiannuo.errors import JiannuoError
from workflows import client as calls
from workflows import messages


class OperationRefused(JiannuoError):
    """The execution refused the operator's act, or could not be reached."""


@dataclass(frozen=True)
class Stuck:
    """``key`` names the incident in its instance; ``token`` what an operator would skip or move."""

    instance_id: str
    case_no: str | None
    key: int
    token: int
    element: str
    rule: str
    reason: str
    since: str


async def open_incidents(stores: Stores) -> list[Stuck]:
    async with stores.sessions() as session:
        rows = await session.execute(
            select(Incident, Complaint.case_no)
            .join(Instance, Instance.id == Incident.instance_id)
            .outerjoin(Complaint, Complaint.id == Instance.business_key)
            .where(Incident.resolved_at.is_(None))
            .order_by(Incident.raised_at)
        )
        return [
            Stuck(i.instance_id, no, i.key, i.token_key, i.element_id, i.rule, i.reason, i.raised_at.isoformat())
            for i, no in rows
        ]


async def operate(
    stores: Stores, client: Client, instance_id: str, event: Event, operator: str, reason: str, now: datetime
) -> int:
    """Performs one operator event; returns the step that recorded it. Raises OperationRefused."""
    message = messages.Operate(secrets.token_hex(12), codec.dump_event(event), operator, reason)
    outcome = await calls.operate(client, instance_id, message)
    match outcome:
        case calls.Refused(sentence=sentence):
            raise OperationRefused(f"{instance_id} refused: {sentence}")
        case calls.Gone():
            raise OperationRefused(f"{instance_id} has no running execution; jiannuo reconcile says more.")
        case calls.Accepted(step=None):
            raise OperationRefused(f"{instance_id} did not answer in time; ask again with jiannuo incidents list.")
    async with stores.sessions.begin() as session:
        instance = await session.get(Instance, instance_id)
        await audit.append(
            session, at=now, recorded_at=now, actor=operator, act=f"operate:{type(event).__name__}",
            complaint_id=instance.business_key if instance else None, facts={"reason": reason, "step": outcome.step},
        )  # fmt: skip
    assert outcome.step is not None
    return outcome.step
