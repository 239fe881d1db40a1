"""委托: one person acts for another for some days, as a recorded act that can be revoked."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from cases import audit
from cases.access import Actor
from cases.deadlines.zone import day_of
from cases.errors import Conflict, Forbidden, Invalid, NotFound
from cases.people import authority
from cases.people.telling import tell
from cases.tables.organisations import Account, Membership, Organisation
from cases.tables.people import Delegation, Leave
from cases.words import ROLES

LONGEST_DAYS = 366


@dataclass(frozen=True)
class Wanted:
    """``units``, ``roles``: empty means all. Days are calendar days in Asia/Shanghai, both included."""

    account_id: int
    stand_in: str
    since: date | None
    until: date | None
    reason: str
    units: Sequence[str] = ()
    roles: Sequence[str] = ()
    grave: bool = False


async def grant(session: AsyncSession, actor: Actor, wanted: Wanted, now: datetime) -> Delegation:
    """By the person, or by the head. Raises Forbidden, Invalid."""
    await authority.require_own_or_head(session, actor, wanted.account_id, "委托")
    assert actor.account_id is not None, "staff only"
    absent = await authority.person(session, wanted.account_id)
    other = await session.scalar(select(Account).where(Account.login == wanted.stand_in.strip(), Account.active))
    problems = await _problems(session, wanted, other, day_of(now))
    if problems or other is None or wanted.since is None or wanted.until is None:
        raise Invalid(problems)
    row = Delegation(
        id=secrets.token_hex(10), account_id=absent.id, stand_in_id=other.id, since=wanted.since, until=wanted.until,
        units=sorted(wanted.units) or None, roles=sorted(wanted.roles) or None, grave=wanted.grave,
        reason=wanted.reason.strip(), granted_by=actor.account_id, granted_at=now,
    )  # fmt: skip
    await keep(session, row, absent, other, now)
    return row


async def keep(session: AsyncSession, row: Delegation, absent: Account, other: Account, now: datetime) -> None:
    """Stores the delegation, logs it, tells the stand-in."""
    session.add(row)
    await session.flush()
    await audit.append(
        session, at=now, recorded_at=now, actor=f"account:{row.granted_by}", act="delegate",
        facts={
            "delegation": row.id, "of": row.account_id, "to": row.stand_in_id, "since": row.since.isoformat(),
            "until": row.until.isoformat(), "units": row.units, "roles": row.roles, "grave": row.grave,
        },
    )  # fmt: skip
    await tell(
        session, f"delegation:{row.id}", other, "stand_in_named", now, name=absent.display_name,
        since=row.since.isoformat(), until=row.until.isoformat(), scope=await scope_in_words(session, row),
        reason=row.reason,
    )  # fmt: skip


async def revoke(session: AsyncSession, actor: Actor, delegation_id: str, reason: str, now: datetime) -> None:
    """By the person, the one who granted it, the head, or the stand-in who gives it back."""
    row = await session.get(Delegation, delegation_id, with_for_update=True)
    if row is None:
        raise NotFound("没有这项委托，或者您无权查看。")
    parties = {row.account_id, row.stand_in_id, row.granted_by}
    if actor.account_id not in parties and not await authority.heads_person(session, actor, row.account_id):
        raise Forbidden("委托由本人、受托人或者本单位负责人撤销。")
    if row.revoked_at is not None or row.until < day_of(now):
        raise Conflict("这项委托已经终止，不需要再撤销。")
    if not reason.strip():
        raise Invalid({"reason": "请写明撤销理由。"})
    row.revoked_by, row.revoked_at, row.revoked_reason = actor.account_id, now, reason.strip()
    await audit.append(
        session, at=now, recorded_at=now, actor=f"account:{actor.account_id}", act="revoke_delegation",
        facts={"delegation": row.id, "of": row.account_id, "to": row.stand_in_id},
    )  # fmt: skip
    absent, other = await authority.person(session, row.account_id), await authority.person(session, row.stand_in_id)
    await tell(
        session, f"delegation:{row.id}:revoked", other, "stand_in_ended", now, name=absent.display_name,
        since=row.since.isoformat(), until=row.until.isoformat(), reason=reason.strip(),
    )  # fmt: skip


async def scope_in_words(session: AsyncSession, row: Delegation) -> str:
    names = await session.scalars(
        select(Organisation.name).where(Organisation.uscc.in_(row.units or [])).order_by(Organisation.uscc)
    )
    units = "、".join(names) if row.units else ""
    roles = "、".join(ROLES.get(role, role) for role in row.roles or [])
    narrow = "，".join(part for part in (units, roles) if part)
    return f"{narrow or '全部任务'}（{'包括' if row.grave else '不包括'}重大办理动作）"


async def units_in_common(session: AsyncSession, first: int, second: int) -> set[str]:
    units = await session.scalars(select(Membership.uscc).where(Membership.account_id == first))
    others = await session.scalars(select(Membership.uscc).where(Membership.account_id == second))
    return set(units) & set(others)


async def away(session: AsyncSession, account_id: int, since: date, until: date) -> Leave | None:
    """A leave of this person that touches these days."""
    return await session.scalar(
        select(Leave)
        .where(
            Leave.account_id == account_id, Leave.revoked_at.is_(None), Leave.since <= until, Leave.until >= since
        )
        .order_by(Leave.since)
        .limit(1)
    )


async def _problems(
    session: AsyncSession, wanted: Wanted, other: Account | None, today: date
) -> dict[str, str]:
    problems = period_problems(wanted.since, wanted.until, today)
    if not wanted.reason.strip():
        problems["reason"] = "请写明委托事由。"
    own = await session.execute(
        select(Membership.uscc, Membership.role).where(Membership.account_id == wanted.account_id)
    )
    memberships = [(unit, role) for unit, role in own]
    if unknown := set(wanted.units) - {unit for unit, _ in memberships}:
        problems["units"] = f"委托人在所选单位没有岗位：{'、'.join(sorted(unknown))}。"
    if set(wanted.roles) - {role for _, role in memberships}:
        problems["roles"] = "委托人没有所选的岗位，请重新选择。"
    units = set(wanted.units) if "units" not in problems else None
    problem = await stand_in_problem(session, wanted.account_id, other, wanted.since, wanted.until, units)
    return problems | ({"stand_in": problem} if problem else {})


async def stand_in_problem(
    session: AsyncSession, account_id: int, other: Account | None, since: date | None, until: date | None,
    units: set[str] | None = None,
) -> str | None:  # fmt: skip
    """Why this person cannot stand in, or None."""
    if other is None or not other.active:
        return "请选择在岗的同事作为受托人。"
    if other.id == account_id:
        return "不能委托给本人。"
    common = await units_in_common(session, account_id, other.id)
    if not common or (units and not common & units):
        return f"{other.display_name}不在同一单位任职，不能受托办理；跨单位的任务请由督办人员改派。"
    leave = await away(session, other.id, since, until) if since and until else None
    if leave is not None:
        return f"{other.display_name}在{leave.since}至{leave.until}期间不在岗，请另选受托人。"
    return None


def period_problems(since: date | None, until: date | None, today: date) -> dict[str, str]:
    problems = {}
    if since is None:
        problems["since"] = "请填写开始日期。"
    if until is None:
        problems["until"] = "请填写结束日期。"
    if since and until:
        if until < since:
            problems["until"] = "结束日期不能早于开始日期。"
        elif until < today:
            problems["until"] = "结束日期已经过去，请填写今天或以后的日期。"
        elif (until - since).days >= LONGEST_DAYS:
            problems["until"] = "期限最长一年，请缩短后到期续办。"
    return problems
