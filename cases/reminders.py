"""Who is told at a rung of a ladder: roles of the policy resolved to people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from cases import directory
from cases.deadlines.rule import Rung
from cases.notices import INBOX as INBOX
from cases.notices import MAIL as MAIL
from cases.people.entrusting import stand_ins_of
from cases.tables.complaints import Complaint
from cases.tables.organisations import Account, Membership, Organisation
from cases.tables.worklist import Task

# Rung addressees that are the people behind the task's own candidates.
ASSIGNEES = frozenset({"assignee", "party", "respondent"})
# A clock that runs against the respondent is watched by the unit that verifies, not by the respondent's own people.
WATCHING = {"verifying_dept": "verifying_dept", "verifying_head": "head"}
STAND_IN = "stand_in"


@dataclass(frozen=True)
class Recipient:
    """``place`` is the first addressee of the rung that this person stands for."""

    place: str
    account: Account


async def recipients(
    session: AsyncSession, complaint: Complaint, rung: Rung, waits_for: str, day: date
) -> list[Recipient]:
    """``waits_for`` is the role@unit that the clock runs against; who holds the task is told together with who stands
    in on ``day``. Each person once; a rung without a notice: nobody.
    """
    if rung.notice is None:
        return []
    role, _, unit = waits_for.partition("@")
    found: dict[int, Recipient] = {}
    for wanted in rung.to:
        for account in await _behind(session, complaint, wanted, role, unit, day):
            found.setdefault(account.id, Recipient(wanted, account))
    return [found[key] for key in sorted(found)]


async def _behind(
    session: AsyncSession, complaint: Complaint, wanted: str, role: str, unit: str, day: date
) -> list[Account]:
    """The people that one addressee of a rung stands for."""
    if wanted in ASSIGNEES or wanted == STAND_IN:
        own = await _assigned(session, complaint, role, unit)
        found = own or await members(session, role, unit)
        stand_ins = await stand_ins_of(session, [account.id for account in found], day)
        return stand_ins if wanted == STAND_IN and stand_ins else [*found, *stand_ins]
    if wanted == "dept_head":
        return await members(session, "head", unit)
    if wanted in WATCHING:
        return await members(session, WATCHING[wanted], complaint.verifying_uscc or "")
    if wanted == "accepting_dept":
        return await members(session, "accepting_dept", complaint.accepting_uscc or "")
    regions = await directory.lineage(session, complaint.region_code)
    for region in regions:
        found = await _members_in(session, wanted, region)
        if found:
            return found
    return []


async def _assigned(session: AsyncSession, complaint: Complaint, role: str, unit: str) -> list[Account]:
    rows = await session.scalars(
        select(Account)
        .join(Task, Task.assignee_id == Account.id)
        .where(
            Task.instance_id == f"complaint:{complaint.id}",
            Task.status == "open",
            Task.candidates.contains([f"{role}@{unit}"]),
            Account.active,
        )
    )
    return list(rows.unique())


async def members(session: AsyncSession, role: str, unit: str) -> list[Account]:
    """Who holds a role in a unit."""
    rows = await session.scalars(
        select(Account)
        .join(Membership, Membership.account_id == Account.id)
        .where(Membership.role == role, Membership.uscc == unit, Account.active)
        .order_by(Account.id)
    )
    return list(rows)


async def _members_in(session: AsyncSession, role: str, region: str) -> list[Account]:
    rows = await session.scalars(
        select(Account)
        .join(Membership, Membership.account_id == Account.id)
        .join(Organisation, Organisation.uscc == Membership.uscc)
        .where(Membership.role == role, Organisation.region_code == region, Account.active)
        .order_by(Account.id)
    )
    return list(rows)
