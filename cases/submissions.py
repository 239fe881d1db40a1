"""A person's act on a case: checked, stored as pending, and only then told to the execution.

The stored row is the outbox of its Update: the API sends it at once, the relay resends what stays pending.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bpmn import codec
from bpmn.events import Event, MessageDelivered, TaskCompleted
from bpmn.values import Json
from cases import access, forms, guards, windows
from cases.access import Actor
from cases.definitions import DefinitionStore
from cases.errors import Conflict, Forbidden, Invalid, NotFound
from cases.intake import instance_id_of
from cases.offers import MATCHES, candidates_of, offered, root_variables
from cases.people.entitlement import Work, duty_for
from cases.plain import plain
from cases.tables.complaints import Complaint
from cases.tables.engine import Instance
from cases.tables.worklist import Submission, Subscription, Task


@dataclass(frozen=True)
class Act:
    """What a person wants to do: on a task, or by an open act (subscription). ``occurred_at`` in case time.

    ``instance_id``: a process beside the complaint's own (a supervision order) that belongs to the case.
    """

    complaint_id: str
    act: str
    form: Mapping[str, Any]
    occurred_at: datetime
    task_key: int | None = None
    subscription_key: int | None = None
    late_reason: str | None = None
    submission_id: str | None = None
    instance_id: str | None = None


async def submit(session: AsyncSession, store: DefinitionStore, actor: Actor, wanted: Act, now: datetime) -> Submission:
    """Stores the submission as pending. Raises NotFound, Forbidden, Conflict or Invalid; commits nothing itself."""
    known = await session.get(Submission, wanted.submission_id) if wanted.submission_id else None
    if known is not None:
        return known
    complaint = await session.scalar(access.visible(actor).where(Complaint.id == wanted.complaint_id))
    instance = await session.get(Instance, wanted.instance_id or instance_id_of(wanted.complaint_id))
    if complaint is None or instance is None or instance.business_key != complaint.id:
        raise NotFound("没有找到这个案件,或者您无权查看。")
    target = await _target(session, instance, wanted)
    variables = root_variables(instance)
    holder = target.assignee_id if isinstance(target, Task) else None
    work = Work(target.name, candidates_of(target, variables, now), target.acts, wanted.act, holder)
    duty = await duty_for(session, actor, complaint, work)
    if wanted.act not in target.acts:
        raise Forbidden(f"“{target.name}”不能作出“{wanted.act}”这一办理动作。")
    if not offered(target.properties, variables, now):
        raise Conflict(f"按案件目前的情况,不能“{target.name}”。")
    _require_time(wanted, now, complaint)
    await windows.require(session, instance, target, wanted.occurred_at)
    checked = await _check(session, store, instance, complaint, target, wanted, variables, actor)
    submission_id = wanted.submission_id or secrets.token_hex(12)
    facts: dict[str, Json] = {
        **checked.routing,
        "submission": submission_id,
        "act": wanted.act,
        "acted_at": wanted.occurred_at.isoformat(),
        "actor_unit": duty.uscc,
        "actor_role": duty.role,
    }
    row = Submission(
        id=submission_id, instance_id=instance.id, task_key=wanted.task_key, subscription_key=wanted.subscription_key,
        act=wanted.act, account_id=actor.account_id, on_behalf_of=duty.behalf, delegation_id=duty.delegation,
        role=duty.role, unit=duty.uscc, form=plain(checked.content),
        event=codec.dump_event(_event(wanted, submission_id, facts)), occurred_at=wanted.occurred_at, recorded_at=now,
        late_reason=wanted.late_reason,
    )  # fmt: skip
    session.add(row)
    try:
        await session.flush()
    except IntegrityError:
        raise Conflict("另一位同事刚刚提交了这项任务,请刷新页面查看结果。") from None
    return row


def actor_ref(row: Submission) -> str:
    """Who acted, for the step log: of a stand-in both, by account."""
    if row.account_id is None:
        return row.role
    return f"account:{row.account_id}" + (f" for account:{row.on_behalf_of}" if row.on_behalf_of else "")


async def refuse(session: AsyncSession, submission_id: str, sentence: str) -> None:
    await session.execute(
        update(Submission)
        .where(Submission.id == submission_id, Submission.status == "pending")
        .values(status="refused", refusal=sentence)
    )


async def _target(session: AsyncSession, instance: Instance, wanted: Act) -> Task | Subscription:
    if wanted.task_key is not None:
        task = await session.get(Task, (instance.id, wanted.task_key))
        if task is None:
            raise NotFound("没有这项任务。")
        if task.status != "open":
            ended = {"completed": "已由他人完成", "cancelled": "已因期限届满或案件进展而取消"}
            raise Conflict(f"“{task.name}”{ended.get(task.status, '已经结束')},您填写的内容没有提交。")
        return task
    subscription = await session.get(Subscription, (instance.id, wanted.subscription_key))
    if subscription is not None and not subscription.open:
        await windows.require(session, instance, subscription, wanted.occurred_at)
    if subscription is None or not subscription.open:
        raise Conflict("按案件目前的进展,已经不能作出这一办理动作。")
    return subscription


def _require_time(wanted: Act, now: datetime, complaint: Complaint) -> None:
    """补录 of an earlier act needs a reason; nothing happens in the future or before the complaint came."""
    if wanted.occurred_at > now:
        raise Invalid({"occurred_at": "发生时间不能晚于现在。"})
    if wanted.occurred_at < complaint.received_at:
        raise Invalid({"occurred_at": "发生时间不能早于收到投诉的时间。"})
    if (now - wanted.occurred_at).total_seconds() > 3600 and not (wanted.late_reason or "").strip():
        raise Invalid({"late_reason": "补录较早发生的办理动作,请写明原因。"})


async def _check(
    session: AsyncSession, store: DefinitionStore, instance: Instance, complaint: Complaint,
    target: Task | Subscription, wanted: Act, variables: Mapping[str, Json], actor: Actor,
) -> forms.Checked:  # fmt: skip
    form = await store.form(session, instance.pack, target.form_id) if target.form_id else None
    checked = forms.check(form, wanted.act, wanted.form)
    matches = target.properties.get(MATCHES) or {}
    for key, value in matches.items():
        if checked.routing.get(key) not in (None, value):
            checked.problems[key] = f"这一办理动作针对的是“{value}”。"
        else:
            checked.routing[key] = value
    if not checked.problems:
        attempt = guards.Attempt(
            instance, complaint, wanted.act, checked.routing, checked.content, variables, wanted.occurred_at,
            actor.account_id,
        )
        checked.problems |= await guards.problems_of(session, attempt)
    if checked.problems:
        raise Invalid(checked.problems)
    return checked


def _event(wanted: Act, submission_id: str, facts: Mapping[str, Json]) -> Event:
    if wanted.task_key is not None:
        return TaskCompleted(wanted.task_key, facts)
    assert wanted.subscription_key is not None
    return MessageDelivered(wanted.subscription_key, submission_id, facts)


async def pending(session: AsyncSession, older_than: datetime, limit: int = 100) -> list[Submission]:
    rows = await session.scalars(
        select(Submission)
        .where(Submission.status == "pending", Submission.recorded_at <= older_than)
        .order_by(Submission.recorded_at)
        .limit(limit)
    )
    return list(rows)
