"""Declaring, deciding and lifting a recusal. What the person holds in the case goes back to the unit at once."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from cases import access, audit, positions
from cases.access import Actor
from cases.errors import Conflict, Forbidden, Invalid, NotFound
from cases.people import authority
from cases.people.recusal import PARTY_ROLES
from cases.people.telling import tell
from cases.relations import Part, opened, relations_of
from cases.tables.complaints import Complaint
from cases.tables.engine import Instance
from cases.tables.organisations import Account
from cases.tables.people import Recusal
from cases.tables.worklist import Task
from cases.words import RECUSAL_GROUNDS


async def recuse(
    session: AsyncSession, actor: Actor, complaint_id: str, login: str, ground: str, reason: str, now: datetime
) -> Recusal:
    """By oneself, or by the head of that person's unit. Raises NotFound, Forbidden, Invalid, Conflict."""
    complaint = await _case(session, actor, complaint_id)
    assert actor.account_id is not None, "staff only"
    who = await session.scalar(select(Account).where(Account.login == (login.strip() or actor.login)))
    problems = {}
    if who is None:
        problems["person"] = "没有这个人员，请重新选择。"
    if ground not in RECUSAL_GROUNDS:
        problems["ground"] = "请选择回避事由。"
    if not reason.strip():
        problems["reason"] = "请写明回避的具体情形。"
    if problems or who is None:
        raise Invalid(problems)
    await authority.require_own_or_head(session, actor, who.id, "回避")
    known = await session.scalar(
        select(Recusal).where(
            Recusal.complaint_id == complaint.id, Recusal.account_id == who.id, Recusal.lifted_at.is_(None)
        )
    )
    if known is not None:
        raise Conflict(f"{who.display_name}已经回避本案，不需要再次登记。")
    row = Recusal(
        id=secrets.token_hex(10), complaint_id=complaint.id, account_id=who.id, ground=ground, reason=reason.strip(),
        declared_by=actor.account_id, declared_at=now,
    )  # fmt: skip
    session.add(row)
    await session.flush()
    given_back = await _give_back(session, complaint, who.id)
    await audit.append(
        session, at=now, recorded_at=now, actor=f"account:{actor.account_id}", act="recuse",
        complaint_id=complaint.id,
        facts={"recusal": row.id, "of": who.id, "ground": ground, "given_back": given_back},
    )  # fmt: skip
    if who.id != actor.account_id:
        await tell(
            session, f"recusal:{row.id}", who, "recusal_decided", now, complaint.id, case_no=complaint.case_no
        )
    return row


async def lift(
    session: AsyncSession, actor: Actor, complaint_id: str, recusal_id: str, reason: str, now: datetime
) -> None:
    """Only the head: who declared an interest does not judge alone that it is gone."""
    complaint = await _case(session, actor, complaint_id)
    row = await session.get(Recusal, recusal_id, with_for_update=True)
    if row is None or row.complaint_id != complaint.id:
        raise NotFound("没有这项回避登记，或者您无权查看。")
    if not await authority.heads_person(session, actor, row.account_id) or row.account_id == actor.account_id:
        raise Forbidden("解除回避由回避人员所在单位的负责人决定，本人不能解除。")
    if row.lifted_at is not None:
        raise Conflict("这项回避已经解除。")
    if not reason.strip():
        raise Invalid({"reason": "请写明解除回避的理由。"})
    row.lifted_by, row.lifted_at, row.lifted_reason = actor.account_id, now, reason.strip()
    await audit.append(
        session, at=now, recorded_at=now, actor=f"account:{actor.account_id}", act="lift_recusal",
        complaint_id=complaint.id, facts={"recusal": row.id, "of": row.account_id},
    )  # fmt: skip


async def _case(session: AsyncSession, actor: Actor, complaint_id: str) -> Complaint:
    complaint = await session.scalar(access.visible(actor).where(Complaint.id == complaint_id))
    if complaint is None:
        raise NotFound("没有找到这个案件，或者您无权查看。")
    if Part.TASKS not in opened(relations_of(actor, complaint)):
        raise Forbidden("回避由本案的承办人员和负责人登记。")
    return complaint


async def _give_back(session: AsyncSession, complaint: Complaint, account_id: int) -> list[int]:
    """Keys of the tasks that nobody holds now. A party's own task stays: being a party is no handling."""
    given = await session.scalars(
        update(Task)
        .where(
            Task.instance_id.in_(select(Instance.id).where(Instance.business_key == complaint.id)),
            Task.status == "open", Task.assignee_id == account_id,
            ~Task.candidates.overlap([f"{role}@{complaint.respondent_uscc}" for role in sorted(PARTY_ROLES)]),
        )
        .values(assignee_id=None, claimed_at=None, row_version=Task.row_version + 1)
        .returning(Task.key)
    )  # fmt: skip
    keys = sorted(given)
    await positions.refresh(session, [complaint.id])
    return keys
