"""Someone who leaves: the tasks in that person's name are found and moved, and only then the account is closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from cases import audit, worklist
from cases.access import Actor
from cases.deadlines.zone import day_of
from cases.errors import Conflict, Forbidden, Invalid, Problem
from cases.intake import instance_id_of
from cases.orders.states import order_of
from cases.people import authority
from cases.people.bulk import Item, Wish, begin, finish, in_order
from cases.tables.complaints import Complaint
from cases.tables.engine import Instance
from cases.tables.organisations import Account, LoginSession, Membership, Organisation
from cases.tables.people import Delegation, StandInPair
from cases.tables.worklist import Task
from cases.worklist import Seen


@dataclass(frozen=True)
class Held:
    """An open task in somebody's name; what it is about is not for the administrator to read."""

    task: Task
    case_id: str
    case_no: str

    @property
    def order_id(self) -> str | None:
        """The supervision order that the task belongs to, if it is not one of the case itself."""
        return order_of(self.task.instance_id)


async def require_may(session: AsyncSession, actor: Actor, account_id: int, *, closing: bool = False) -> None:
    """The head, the administrator; moving tasks also the supervisor. Raises Forbidden."""
    allowed = authority.administers(actor) or await authority.heads_person(session, actor, account_id)
    if not allowed and not closing:
        allowed = await authority.supervises_person(session, actor, account_id)
    if not allowed:
        who = "本单位负责人或者管理员" if closing else "本单位负责人、督办人员或者管理员"
        raise Forbidden(f"由{who}办理。")
    if closing and account_id == actor.account_id:
        raise Forbidden("不能停用本人的账号，请由其他负责人或者管理员办理。")


async def held(session: AsyncSession, account_id: int) -> list[Held]:
    """Every open task in this person's name, whichever unit it waits for."""
    rows = await session.execute(
        select(Task, Complaint.id, Complaint.case_no)
        .join(Instance, Instance.id == Task.instance_id)
        .join(Complaint, Complaint.id == Instance.business_key)
        .where(Task.assignee_id == account_id, Task.status == "open")
        .order_by(Complaint.case_no, Task.key)
    )
    return [Held(task, case_id, case_no) for task, case_id, case_no in rows]


async def unmanned(session: AsyncSession, account_id: int) -> int:
    """Open tasks that nobody could take if this person were gone: of posts that no other active person holds."""
    mine, other, account = aliased(Membership), aliased(Membership), aliased(Account)
    another = exists().where(
        other.role == mine.role, other.uscc == mine.uscc, other.account_id != account_id,
        account.id == other.account_id, account.active,
    )  # fmt: skip
    posts = await session.execute(select(mine.role, mine.uscc).where(mine.account_id == account_id, ~another))
    groups = [f"{role}@{unit}" for role, unit in posts]
    if not groups:
        return 0
    count = await session.scalar(
        select(func.count()).where(Task.status == "open", Task.candidates.overlap(groups))
    )
    return count or 0


async def hand_over(
    session: AsyncSession, actor: Actor, account_id: int, token: str, chosen: Sequence[Seen], to: str, reason: str,
    now: datetime,
) -> None:  # fmt: skip
    """Moves tasks of this person, one result each. ``to`` empty: back to the unit. Raises Forbidden, Invalid."""
    await require_may(session, actor, account_id)
    if not await begin(session, actor, token, Wish("handover", to, reason), chosen, now):
        return
    known = {(one.task.instance_id, one.task.key): one for one in await held(session, account_id)}
    items = []
    for seen in in_order(chosen):
        one = known.get((seen.instance_id or instance_id_of(seen.complaint_id), seen.key))
        if one is None:
            items.append(Item(seen.complaint_id, "", seen.key, "", False, "这项任务已经不在该人员名下。"))
            continue
        done, sentence = await _move(session, actor, one, seen.row_version, to, reason, now)
        items.append(Item(one.case_id, one.case_no, one.task.key, one.task.name, done, sentence))
    await finish(session, token, items)


async def _move(
    session: AsyncSession, actor: Actor, one: Held, version: int, to: str, reason: str, now: datetime
) -> tuple[bool, str]:
    complaint = await session.get(Complaint, one.case_id)
    assert complaint is not None, "held has joined it"
    try:
        async with session.begin_nested():
            await worklist.hand(session, actor, one.task, complaint, version, to, reason, now, "handover")
    except Problem as problem:
        return False, problem.sentence
    return True, "已移交。" if to.strip() else "已退回单位待办。"


async def close_account(session: AsyncSession, actor: Actor, account_id: int, reason: str, now: datetime) -> None:
    """Nobody signs in by it any more. Raises Forbidden, Invalid, Conflict (open tasks: move them first)."""
    await require_may(session, actor, account_id, closing=True)
    account = await authority.person(session, account_id)
    if not account.active:
        raise Conflict("这个账号已经停用。")
    await _require_empty_handed(session, account_id, "停用账号")
    if not reason.strip():
        raise Invalid({"reason": "请写明停用理由。"})
    account.active = False
    await session.execute(delete(LoginSession).where(LoginSession.account_id == account_id))
    await _end_standing_in(session, actor, account_id, now)
    await _log(session, actor, "close_account", account_id, now)


async def reopen_account(session: AsyncSession, actor: Actor, account_id: int, now: datetime) -> None:
    """Undoes a closing; delegations that ended with it stay ended."""
    await require_may(session, actor, account_id, closing=True)
    account = await authority.person(session, account_id)
    if account.active:
        raise Conflict("这个账号正在使用。")
    account.active = True
    await _log(session, actor, "reopen_account", account_id, now)


async def move_unit(
    session: AsyncSession, actor: Actor, account_id: int, membership_id: int, to_uscc: str, now: datetime
) -> None:
    """A post ends (``to_uscc`` empty) or goes on in another unit. Tasks in the person's name are moved first.

    To another unit only by the administrator: a head decides over the own unit. Raises Forbidden, Invalid, Conflict.
    """
    await require_may(session, actor, account_id, closing=True)
    post = await session.get(Membership, membership_id, with_for_update=True)
    if post is None or post.account_id != account_id:
        raise Invalid({"post": "该人员没有这个岗位，请刷新后重新选择。"})
    if not authority.administers(actor) and (post.uscc not in authority.headed(actor) or to_uscc):
        raise Forbidden("负责人只能撤销本单位的岗位，调入其他单位由管理员办理。")
    if to_uscc and await session.get(Organisation, to_uscc) is None:
        raise Invalid({"unit": "组织目录中没有这个单位，请核对统一社会信用代码。"})
    await _require_empty_handed(session, account_id, "变动岗位", f"{post.role}@{post.uscc}")
    before = (post.role, post.uscc)
    known = to_uscc and await session.scalar(
        select(Membership.id).where(
            Membership.account_id == account_id, Membership.role == post.role, Membership.uscc == to_uscc
        )
    )
    if to_uscc and not known:
        post.uscc = to_uscc
    else:
        await session.delete(post)
    await session.flush()
    await _log(session, actor, "move_post", account_id, now, role=before[0], unit=before[1], to=to_uscc or None)


async def _require_empty_handed(session: AsyncSession, account_id: int, what: str, group: str | None = None) -> None:
    count = sum(group is None or group in one.task.candidates for one in await held(session, account_id))
    if count:
        raise Conflict(f"该人员名下还有{count}项未办结的任务，请先移交给其他人员或者退回单位待办，再{what}。")


async def _end_standing_in(session: AsyncSession, actor: Actor, account_id: int, now: datetime) -> None:
    await session.execute(
        update(Delegation)
        .where(
            (Delegation.account_id == account_id) | (Delegation.stand_in_id == account_id),
            Delegation.revoked_at.is_(None), Delegation.until >= day_of(now),
        )
        .values(revoked_by=actor.account_id, revoked_at=now, revoked_reason="账号停用")
    )  # fmt: skip
    await session.execute(
        delete(StandInPair).where((StandInPair.account_id == account_id) | (StandInPair.stand_in_id == account_id))
    )


async def _log(
    session: AsyncSession, actor: Actor, act: str, account_id: int, now: datetime, **facts: str | None
) -> None:
    await audit.append(
        session, at=now, recorded_at=now, actor=f"account:{actor.account_id}", act=act,
        facts={"account": account_id, **facts},
    )  # fmt: skip
