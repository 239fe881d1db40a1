"""Load per person: how much lies with whom, how much of it is late, and who is away without a stand-in."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Integer, any_, case, func, literal, null, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from cases.access import Actor
from cases.deadlines.zone import day_of
from cases.people.authority import administers, headed
from cases.people.entrusting import in_force
from cases.queries.light import Lights
from cases.queries.oversight import DUES, overseen
from cases.queries.tasks import Open, Row
from cases.tables.organisations import Account, Membership, Organisation
from cases.tables.people import Delegation, Leave
from cases.task_positions import COMPLAINANT

COUNTS = ("all", *DUES)


@dataclass
class Load:
    """Of one person, or (``account_id`` None) of what lies with nobody in one unit or waits for complainants.
    ``age``: average, in days.
    """

    account_id: int | None
    name: str
    units: list[str]
    unit: str | None = None
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTS, 0))
    age: float | None = None
    away: Leave | None = None
    stand_ins: list[str] = field(default_factory=list)
    active: bool = True

    @property
    def complainants(self) -> bool:
        return self.account_id is None and self.unit == COMPLAINANT


async def load(session: AsyncSession, actor: Actor, lights: Lights) -> list[Load]:
    """Worst first: late, then many. An administrator without oversight gets the counts, never the cases."""
    sees = bool(headed(actor) or actor.regions or not administers(actor))
    found = await _counted(session, overseen(actor), lights) if sees else await _counted(session, _every(), lights)
    people = await _people(session, actor, [one.account_id for one in found if one.account_id is not None])
    for one in found:
        known = people.get(one.account_id) if one.account_id is not None else None
        if known is not None:
            known.counts, known.age = one.counts, one.age
    rows = [*people.values(), *(one for one in found if one.account_id is None)]
    await _names(session, rows)
    await _away(session, people, lights)
    return sorted(rows, key=lambda row: (-row.counts["late"], -row.counts["all"], row.name, row.account_id or 0))


def _every() -> Open:
    return select(Row).where(Row.assignee_id.is_not(None))


async def _counted(session: AsyncSession, base: Open, lights: Lights) -> list[Load]:
    pool = case((Row.assignee_id.is_(None), Row.pool), else_=null())
    # EXTRACT would answer with an exact number, which takes longer to sum than the rows to read.
    age = func.avg(func.date_part("epoch", lights.now - Row.created_at))
    query = base.with_only_columns(
        Row.assignee_id, pool.label("pool"), age, func.count(),
        *(func.count().filter(condition(lights)) for condition in DUES.values()),
    ).group_by(Row.assignee_id, pool)  # fmt: skip
    rows = (await session.execute(query)).all()
    return [
        Load(account, "", [], unit, dict(zip(COUNTS, counts, strict=True)), seconds / 86_400)
        for account, unit, seconds, *counts in rows
    ]


async def _people(session: AsyncSession, actor: Actor, holders: Sequence[int]) -> dict[int, Load]:
    """Who holds a task; of the own units (an administrator: of all) also who holds none."""
    members = select(Membership.account_id)
    if not administers(actor):
        members = members.where(Membership.uscc.in_(sorted(headed(actor))))
    rows = await session.execute(
        select(Account.id, Account.display_name, Account.active).where(
            (Account.id == any_(_array(holders))) | (Account.id.in_(members) & (Account.active | administers(actor)))
        )
    )
    return {key: Load(key, name, [], active=active) for key, name, active in rows}


def _array(ids: Collection[int]) -> ColumnElement[Any]:
    """One parameter for a thousand people, not a thousand."""
    return literal(list(ids), ARRAY(Integer))


async def _names(session: AsyncSession, rows: Sequence[Load]) -> None:
    people = {row.account_id: row for row in rows if row.account_id is not None}
    posts = await session.execute(
        select(Membership.account_id, Organisation.name)
        .join(Organisation, Organisation.uscc == Membership.uscc)
        .where(Membership.account_id == any_(_array(people)))
        .order_by(Membership.account_id, Organisation.name)
        .distinct()
    )
    for account, unit in posts:
        people[account].units.append(unit)
    pools = {row.unit for row in rows if row.account_id is None and row.unit}
    named = dict(
        (await session.execute(select(Organisation.uscc, Organisation.name).where(Organisation.uscc.in_(pools)))).all()
    )
    for row in rows:
        if row.account_id is None:
            row.units = [named.get(row.unit or "", "")]


async def _away(session: AsyncSession, people: dict[int, Load], lights: Lights) -> None:
    day = day_of(lights.now)
    leaves = await session.scalars(
        select(Leave).where(
            Leave.account_id == any_(_array(people)), Leave.revoked_at.is_(None), Leave.since <= day, Leave.until >= day
        )
    )
    for leave in leaves:
        people[leave.account_id].away = leave
    rows = await session.execute(
        select(Delegation.account_id, Account.display_name)
        .join(Account, Account.id == Delegation.stand_in_id)
        .where(Delegation.account_id == any_(_array(people)), in_force(day), Account.active)
        .order_by(Delegation.granted_at)
    )
    for absent, name in rows:
        if name not in people[absent].stand_ins:
            people[absent].stand_ins.append(name)
