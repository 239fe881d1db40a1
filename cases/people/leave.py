"""Leave, and the AB岗 who stands in by itself while somebody is away."""

from __future__ import annotations

import secrets
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from cases import audit
from cases.access import Actor
from cases.deadlines.zone import day_of
from cases.errors import Conflict, Invalid, NotFound
from cases.people import authority, delegation
from cases.tables.organisations import Account
from cases.tables.people import Delegation, Leave, StandInPair
from cases.words import LEAVES


async def set_pair(session: AsyncSession, actor: Actor, account_id: int, login: str, now: datetime) -> None:
    """Names the standing AB岗; an empty login ends it. Leaves without a stand-in are covered at once."""
    await authority.require_own_or_head(session, actor, account_id, "AB岗")
    assert actor.account_id is not None, "staff only"
    row = await session.get(StandInPair, account_id, with_for_update=True)
    other = await session.scalar(select(Account).where(Account.login == login.strip(), Account.active))
    if login.strip():
        problem = await delegation.stand_in_problem(session, account_id, other, None, None)
        if problem or other is None:
            raise Invalid({"stand_in": problem or ""})
    if other is None:
        if row is not None:
            await session.delete(row)
    elif row is None:
        session.add(StandInPair(account_id=account_id, stand_in_id=other.id, set_by=actor.account_id, set_at=now))
    else:
        row.stand_in_id, row.set_by, row.set_at = other.id, actor.account_id, now
    await session.flush()
    await audit.append(
        session, at=now, recorded_at=now, actor=f"account:{actor.account_id}", act="set_stand_in",
        facts={"of": account_id, "to": other.id if other else None},
    )  # fmt: skip
    open_leaves = await session.scalars(
        select(Leave).where(
            Leave.account_id == account_id, Leave.revoked_at.is_(None), Leave.until >= day_of(now),
            Leave.id.not_in(select(Delegation.leave_id).where(Delegation.leave_id.is_not(None),
                                                              Delegation.revoked_at.is_(None))),
        )
    )  # fmt: skip
    for leave in open_leaves:
        await _cover(session, leave, actor.account_id, other, False, now)


async def take_leave(
    session: AsyncSession, actor: Actor, account_id: int, kind: str, since: date | None, until: date | None,
    grave: bool, now: datetime,
) -> tuple[Leave, Delegation | None]:  # fmt: skip
    """The leave, and the delegation to the AB岗 that it brings. None: nobody stands in, the head sees it."""
    await authority.require_own_or_head(session, actor, account_id, "请假登记")
    assert actor.account_id is not None, "staff only"
    # Two registrations at once would each find no overlap.
    await session.get(Account, account_id, with_for_update={"key_share": True})
    problems = delegation.period_problems(since, until, day_of(now))
    if kind not in LEAVES:
        problems["kind"] = "请选择不在岗的事由。"
    if not problems and since and until and (known := await delegation.away(session, account_id, since, until)):
        problems["since"] = f"已登记{known.since}至{known.until}不在岗，日期不能重叠；有变动的，请先撤销原登记。"
    if problems or since is None or until is None:
        raise Invalid(problems)
    leave = Leave(
        id=secrets.token_hex(10), account_id=account_id, kind=kind, since=since, until=until,
        recorded_by=actor.account_id, recorded_at=now,
    )  # fmt: skip
    session.add(leave)
    await session.flush()
    await audit.append(
        session, at=now, recorded_at=now, actor=f"account:{actor.account_id}", act="take_leave",
        facts={"leave": leave.id, "of": account_id, "since": since.isoformat(), "until": until.isoformat()},
    )  # fmt: skip
    pair = await session.get(StandInPair, account_id)
    other = await session.get(Account, pair.stand_in_id) if pair else None
    return leave, await _cover(session, leave, actor.account_id, other, grave, now)


async def _cover(
    session: AsyncSession, leave: Leave, by: int, other: Account | None, grave: bool, now: datetime
) -> Delegation | None:
    if other is None or await delegation.stand_in_problem(
        session, leave.account_id, other, leave.since, leave.until
    ):
        return None
    row = Delegation(
        id=secrets.token_hex(10), account_id=leave.account_id, stand_in_id=other.id, since=leave.since,
        until=leave.until, grave=grave, reason=f"AB岗：{LEAVES[leave.kind]}", leave_id=leave.id, granted_by=by,
        granted_at=now,
    )  # fmt: skip
    await delegation.keep(session, row, await authority.person(session, leave.account_id), other, now)
    return row


async def end_leave(session: AsyncSession, actor: Actor, leave_id: str, now: datetime) -> None:
    """Back early, or entered by mistake: the delegation that came with the leave ends with it."""
    leave = await session.get(Leave, leave_id, with_for_update=True)
    if leave is None:
        raise NotFound("没有这项请假登记，或者您无权查看。")
    await authority.require_own_or_head(session, actor, leave.account_id, "请假登记")
    if leave.revoked_at is not None or leave.until < day_of(now):
        raise Conflict("这项请假登记已经结束。")
    leave.revoked_by, leave.revoked_at = actor.account_id, now
    await session.execute(
        update(Delegation)
        .where(Delegation.leave_id == leave.id, Delegation.revoked_at.is_(None))
        .values(revoked_by=actor.account_id, revoked_at=now, revoked_reason="已返岗")
    )
    await audit.append(
        session, at=now, recorded_at=now, actor=f"account:{actor.account_id}", act="end_leave",
        facts={"leave": leave.id, "of": leave.account_id},
    )  # fmt: skip
