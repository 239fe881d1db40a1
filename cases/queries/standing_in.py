"""The page of one person's stand-ins: pair, leaves, delegations given and received."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from cases.people.delegation import scope_in_words
from cases.tables.organisations import Account, Membership, Organisation
from cases.tables.people import Delegation, Leave, Recusal, StandInPair


@dataclass(frozen=True)
class DelegationRow:
    row: Delegation
    of: str
    to: str
    granted_by: str
    scope: str

    def state(self, today: date) -> str:
        """revoked, ended, coming or in_force."""
        if self.row.revoked_at is not None:
            return "revoked"
        if self.row.until < today:
            return "ended"
        return "coming" if self.row.since > today else "in_force"


@dataclass(frozen=True)
class Post:
    """A role that a person holds for a unit, by USCC and name; ``id`` of its membership."""

    id: int
    role: str
    unit: str
    unit_name: str


@dataclass
class StandingIn:
    """``colleagues``: those of the same units, who could stand in."""

    account: Account
    pair: Account | None
    leaves: list[Leave] = field(default_factory=list)
    delegations: list[DelegationRow] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    colleagues: list[Account] = field(default_factory=list)


async def standing_in(session: AsyncSession, account: Account) -> StandingIn:
    pair = await session.get(StandInPair, account.id)
    found = StandingIn(account, await session.get(Account, pair.stand_in_id) if pair else None)
    leaves = await session.scalars(
        select(Leave).where(Leave.account_id == account.id).order_by(Leave.since.desc(), Leave.id).limit(50)
    )
    found.leaves = list(leaves)
    rows = await session.scalars(
        select(Delegation)
        .where(or_(Delegation.account_id == account.id, Delegation.stand_in_id == account.id))
        .order_by(Delegation.since.desc(), Delegation.id)
        .limit(50)
    )
    found.delegations = await _named(session, list(rows))
    found.posts = await posts_of(session, account.id)
    found.colleagues = await colleagues_of(session, [post.unit for post in found.posts], account.id)
    return found


async def posts_of(session: AsyncSession, account_id: int) -> list[Post]:
    rows = await session.execute(
        select(Membership.id, Membership.role, Organisation.uscc, Organisation.name)
        .join(Organisation, Organisation.uscc == Membership.uscc)
        .where(Membership.account_id == account_id)
        .order_by(Membership.id)
    )
    return [Post(*row) for row in rows]


async def colleagues_of(session: AsyncSession, units: Sequence[str], besides: int | None = None) -> list[Account]:
    """Active people of these units."""
    members = select(Membership.account_id).where(Membership.uscc.in_(units))
    rows = await session.scalars(
        select(Account)
        .where(Account.active, Account.id.in_(members), Account.id != (besides or 0))
        .order_by(Account.display_name)
    )
    return list(rows)


async def _named(session: AsyncSession, rows: Sequence[Delegation]) -> list[DelegationRow]:
    ids = {number for row in rows for number in (row.account_id, row.stand_in_id, row.granted_by)}
    names = await names_of(session, ids)
    return [
        DelegationRow(
            row, names.get(row.account_id, ""), names.get(row.stand_in_id, ""), names.get(row.granted_by, ""),
            await scope_in_words(session, row),
        )
        for row in rows
    ]  # fmt: skip


async def names_of(session: AsyncSession, ids: set[int]) -> dict[int, str]:
    rows = await session.execute(select(Account.id, Account.display_name).where(Account.id.in_(ids)))
    return {row.id: row.display_name for row in rows}


async def recusals_of(session: AsyncSession, complaint_id: str) -> list[tuple[Recusal, str, str]]:
    """Standing and lifted ones of a case, with who it is about and who declared it."""
    rows = list(
        await session.scalars(
            select(Recusal).where(Recusal.complaint_id == complaint_id).order_by(Recusal.declared_at, Recusal.id)
        )
    )
    names = await names_of(session, {n for row in rows for n in (row.account_id, row.declared_by)})
    return [(row, names.get(row.account_id, ""), names.get(row.declared_by, "")) for row in rows]
