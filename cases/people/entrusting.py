"""What a person may do today because somebody else entrusted it: the actor with the duties of the delegations."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from cases.access import IMPOSING, REGIONAL_ROLES, Actor, Duty, covered
from cases.deadlines.zone import day_of
from cases.tables.organisations import Account, Membership, Organisation
from cases.tables.people import Delegation


def in_force(day: date) -> ColumnElement[bool]:
    """Delegations of this calendar day in Asia/Shanghai. After its last day one is simply no longer in force."""
    return and_(Delegation.revoked_at.is_(None), Delegation.since <= day, Delegation.until >= day)


async def with_entrusted(session: AsyncSession, actor: Actor, now: datetime) -> Actor:
    """The same actor with what colleagues of the same unit entrusted. Nothing entrusted is passed on (不得转委托)."""
    units = sorted({duty.uscc for duty in actor.duties})
    if actor.account_id is None or not units:
        return actor
    entrusted = tuple(await _entrusted(session, actor.account_id, units, day_of(now)))
    if not entrusted:
        return actor
    watched = await covered(session, _regions(entrusted, REGIONAL_ROLES))
    imposing = await covered(session, _regions(entrusted, frozenset({IMPOSING})))
    return replace(
        actor, entrusted=entrusted, regions=actor.regions | set(watched),
        measure_regions=actor.measure_regions | set(imposing),
    )  # fmt: skip


async def _entrusted(session: AsyncSession, stand_in: int, units: Iterable[str], day: date) -> list[Duty]:
    """One duty per membership of the absent person that the delegation covers, in the units of the stand-in."""
    absent = aliased(Account)
    rows = await session.execute(
        select(Membership, Organisation.region_code, Delegation, absent.display_name)
        .join(Delegation, Delegation.account_id == Membership.account_id)
        .join(Organisation, Organisation.uscc == Membership.uscc)
        .join(absent, absent.id == Delegation.account_id)
        .where(
            Delegation.stand_in_id == stand_in,
            in_force(day),
            Membership.uscc.in_(units),
            or_(Delegation.units.is_(None), Membership.uscc == Delegation.units.any_()),
            or_(Delegation.roles.is_(None), Membership.role == Delegation.roles.any_()),
        )
        .order_by(Delegation.granted_at, Delegation.id, Membership.id)
    )
    return [
        Duty(m.role, m.uscc, region, granted.account_id, name, granted.id, granted.grave)
        for m, region, granted, name in rows
    ]


async def stand_ins_of(session: AsyncSession, account_ids: Iterable[int], day: date) -> list[Account]:
    """The people who stand in for any of these today."""
    rows = await session.scalars(
        select(Account)
        .join(Delegation, Delegation.stand_in_id == Account.id)
        .where(Delegation.account_id.in_(sorted(account_ids)), in_force(day), Account.active)
        .order_by(Account.id)
    )
    return list(rows.unique())


def _regions(duties: Iterable[Duty], roles: frozenset[str]) -> set[str]:
    return {duty.region_code for duty in duties if duty.role in roles}
