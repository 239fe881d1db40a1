"""An administrator's acts on cases that stand still. For pages and API."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from api.ports import Sent
from api.services import Services
from api.who import Staff, require
from bpmn import codec
from bpmn.events import ElementSkipped, Event, IncidentRetried, TokenMoved, VariablesEdited
from cases import engine_words
from cases.errors import Conflict, Invalid
from cases.operations import Foreseen, foresee, last_operation, required_reason, undoing, variables_of
from cases.queries.incidents import IncidentView, incident
from cases.tables.complaints import Complaint
from cases.tables.engine import Instance
from cases.tables.ledger import AuditEntry
from cases.tables.organisations import Account

WHO = "运行维护仅供系统管理员使用。"
RECENT = 20
CLI = "operator:"


def require_operator(who: Staff) -> None:
    require(who.operates, WHO)


@dataclass(frozen=True)
class Done:
    """One act of an operator, from the audit log. ``undoable``: it is the last step of its case."""

    at: datetime
    act: str
    actor: str
    reason: str
    instance_id: str | None
    case_no: str | None
    step: int
    undoable: bool = False


def event_of(view: IncidentView, act: str, fields: Mapping[str, Any]) -> Event:
    """Raises Invalid, naming the field."""
    stuck = view.stuck
    if act not in view.acts:
        raise Conflict("这一异常现在不能这样处置。请运行 jiannuo reconcile 查明，或者刷新页面。")
    if act == "retry":
        return IncidentRetried(stuck.key)
    if act == "skip":
        return ElementSkipped(stuck.token, variables_of(str(fields.get("variables") or "")))
    if act == "move":
        element = str(fields.get("element") or "")
        if element not in {target.element for target in view.targets}:
            raise Invalid({"element": "请选择要移动到的环节。"})
        return TokenMoved(stuck.token, element)
    values = variables_of(str(fields.get("variables") or ""))
    if not values:
        raise Invalid({"variables": '请填写要修改的变量，例如 {"days": 30}。'})
    scope = str(fields.get("scope") or view.variables[0].scope)
    if scope not in {str(one.scope) for one in view.variables}:
        raise Invalid({"scope": "请选择变量所在的范围。"})
    return VariablesEdited(int(scope), values)


async def look(services: Services, instance_id: str, key: int) -> IncidentView:
    async with services.transaction() as session:
        return await incident(session, services.definitions, instance_id, key)


async def foreseen(services: Services, instance_id: str, event: Event) -> Foreseen:
    async with services.transaction() as session:
        instance = await session.get(Instance, instance_id)
        now = services.case_now(instance)
        return await foresee(session, services.definitions, instance_id, event, now)


async def perform(
    services: Services, who: Staff, instance_id: str, event: Event, reason: str, operation_id: str | None = None
) -> Sent:
    """Raises Invalid (no reason) and Conflict (the execution refuses, or did not answer in time). The same
    ``operation_id`` twice is one act.
    """
    written = required_reason(reason)
    actor, id_ = f"account:{who.account.id}", operation_id or secrets.token_hex(12)
    sent = await services.client.operate(id_, instance_id, codec.dump_event(event), actor, written)
    if sent.pending:
        raise Conflict("案件的流程没有及时答复。请稍后刷新，查看处置是否已经生效，再决定是否重做。")
    return sent


async def take_back(services: Services, who: Staff, instance_id: str, reason: str) -> Sent:
    async with services.transaction() as session:
        event = await undoing(session, services.definitions, instance_id)
    return await perform(services, who, instance_id, event, reason)


async def recent(session: AsyncSession, instance_id: str | None = None) -> list[Done]:
    """Acts of operators, the newest first, of one instance or of all."""
    # Several executions may have one key; entries of earlier releases do not say which of them it was.
    named = AuditEntry.facts["instance"].astext
    same = or_(named.is_(None), named == Instance.id)
    wanted = (
        select(AuditEntry, Instance.id, Instance.last_step, Complaint.case_no)
        .outerjoin(Instance, and_(Instance.business_key == AuditEntry.complaint_id, same))
        .outerjoin(Complaint, Complaint.id == AuditEntry.complaint_id)
        .where(AuditEntry.act.startswith("operate:"))
        .order_by(AuditEntry.number.desc(), Instance.id)
        .limit(RECENT)
    )
    if instance_id is not None:
        wanted = wanted.where(Instance.id == instance_id)
    rows = (await session.execute(wanted)).all()
    known = await names(session, {entry.actor for entry, *_ in rows})
    undoable = {id_ for id_ in {row[1] for row in rows if row[1]} if await last_operation(session, id_) is not None}
    return [
        Done(
            entry.at, entry.act.removeprefix("operate:"), known.get(entry.actor, entry.actor.removeprefix(CLI)),
            str(entry.facts.get("reason", "")), id_, no, int(entry.facts.get("step", 0)),
            id_ in undoable and entry.facts.get("step") == last,
        )
        for entry, id_, last, no in rows
    ]  # fmt: skip


async def names(session: AsyncSession, actors: set[str]) -> dict[str, str]:
    parts = [actor.partition(":") for actor in actors]
    ids = {int(id_) for kind, _, id_ in parts if kind == "account" and id_.isdigit()}
    rows = await session.execute(select(Account.id, Account.display_name).where(Account.id.in_(ids)))
    return {f"account:{id_}": name for id_, name in rows}


def refusal_of(found: Foreseen) -> str | None:
    if found.refusal is None:
        return None
    return engine_words.REFUSALS.get(found.refusal.rule, found.refusal.sentence)
