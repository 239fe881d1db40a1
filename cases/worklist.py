"""Who works on a task: claim, release, transfer. One transaction each, guarded by the row's version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from cases import access, audit
from cases.access import Actor
from cases.errors import Conflict, Forbidden, Invalid, NotFound, Problem
from cases.intake import instance_id_of
from cases.tables.complaints import Complaint
from cases.tables.engine import Instance
from cases.tables.organisations import Account, Membership
from cases.tables.worklist import Task

GONE = {"completed": "已由他人完成", "cancelled": "已因期限届满或案件进展而取消"}


@dataclass(frozen=True)
class Seen:
    """A task as the person saw it; ``row_version`` tells whether it changed since.

    ``instance_id``: empty for the complaint's own process.
    """

    complaint_id: str
    key: int
    row_version: int
    instance_id: str = ""


async def find_task(
    session: AsyncSession, actor: Actor, complaint_id: str, key: int, instance_id: str = ""
) -> tuple[Task, Complaint]:
    """A task of a case that the actor may see. Raises NotFound."""
    complaint = await session.scalar(access.visible(actor).where(Complaint.id == complaint_id))
    instance = await session.get(Instance, instance_id or instance_id_of(complaint_id)) if complaint else None
    owned = instance is not None and instance.business_key == complaint_id
    task = await session.get(Task, (instance.id, key)) if instance is not None and owned else None
    if complaint is None or task is None:
        raise NotFound("没有找到这项任务，或者您无权查看。")
    return task, complaint


async def claim(session: AsyncSession, actor: Actor, seen: Seen, now: datetime) -> None:
    task = await _open(session, actor, seen)
    if task.assignee_id == actor.account_id:
        return
    if task.assignee_id is not None:
        raise Conflict(
            f"“{task.name}”已由{await _name(session, task.assignee_id)}认领，需要由您办理的，请对方退还或转办。"
        )
    await _change(session, task, seen.row_version, assignee_id=actor.account_id, claimed_at=now)


async def claim_many(session: AsyncSession, actor: Actor, seen: Sequence[Seen], now: datetime) -> list[str]:
    """Claims what can be claimed and answers one sentence for each that cannot. In key order, so that two people who
    claim the same list do not lock each other out.
    """
    refused = []
    for one in sorted(seen, key=lambda item: (item.complaint_id, item.instance_id, item.key)):
        try:
            await claim(session, actor, one, now)
        except Problem as problem:
            refused.append(problem.sentence)
    return refused


async def release(session: AsyncSession, actor: Actor, seen: Seen) -> None:
    task = await _open(session, actor, seen)
    if task.assignee_id != actor.account_id:
        raise Conflict(f"“{task.name}”不在您名下，没有退还。")
    await _change(session, task, seen.row_version, assignee_id=None, claimed_at=None)


async def transfer(session: AsyncSession, actor: Actor, seen: Seen, to_login: str, reason: str, now: datetime) -> None:
    """To a colleague who may take it. Raises Invalid when there is no such colleague or no reason is given."""
    task = await _open(session, actor, seen)
    complaint = await session.get(Complaint, seen.complaint_id)
    assert complaint is not None, "_open has seen the case"
    if task.assignee_id not in (None, actor.account_id) and "supervisor" not in actor.roles:
        raise Conflict(f"“{task.name}”已由{await _name(session, task.assignee_id)}认领，只有本人或督办人员可以转办。")
    colleague = await session.scalar(select(Account).where(Account.login == to_login.strip(), Account.active))
    allowed = colleague and await access.may_act(
        session, await access.actor_of(session, colleague), task.candidates, complaint.region_code
    )
    problems = {} if reason.strip() else {"reason": "请写明转办理由。"}
    if not colleague or not allowed:
        problems["to"] = "请选择有权办理这项任务的同事。"
    if problems or colleague is None:
        raise Invalid(problems)
    await _change(session, task, seen.row_version, assignee_id=colleague.id, claimed_at=now)
    await audit.append(
        session, at=now, recorded_at=now, actor=f"account:{actor.account_id}", act="transfer",
        complaint_id=complaint.id, facts={"task": task.key, "to": colleague.id},
    )  # fmt: skip


async def colleagues(session: AsyncSession, task: Task) -> list[Account]:
    """Those named by the task's candidates, for the transfer list."""
    named = [group.partition("@") for group in task.candidates]
    pairs = [(role, unit) for role, _, unit in named if unit not in ("", "*")]
    if not pairs:
        return []
    members = select(Membership.account_id).where(tuple_(Membership.role, Membership.uscc).in_(pairs))
    found = await session.scalars(
        select(Account).where(Account.active, Account.id.in_(members)).order_by(Account.login)
    )
    return list(found.all())


async def _open(session: AsyncSession, actor: Actor, seen: Seen) -> Task:
    task, complaint = await find_task(session, actor, seen.complaint_id, seen.key, seen.instance_id)
    if task.status != "open":
        raise Conflict(f"“{task.name}”{GONE.get(task.status, '已经结束')}。")
    if await access.may_act(session, actor, task.candidates, complaint.region_code) is None:
        raise Forbidden(f"“{task.name}”不由您所在单位或岗位办理。")
    return task


async def _change(session: AsyncSession, task: Task, version: int, **values: object) -> None:
    """The version in the WHERE, not in a read before: of two people who press at once one wins."""
    changed = await session.execute(
        update(Task)
        .where(
            Task.instance_id == task.instance_id,
            Task.key == task.key,
            Task.row_version == version,
            Task.status == "open",
        )
        .values(row_version=version + 1, **values)
        .returning(Task.key)
    )
    if changed.first() is None:
        raise Conflict(f"“{task.name}”刚刚有了变动，请刷新后再试。")


async def _name(session: AsyncSession, account_id: int) -> str:
    account = await session.get(Account, account_id)
    return account.display_name if account else "他人"
