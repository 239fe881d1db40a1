"""Who is told at a rung of a ladder: roles of the policy resolved to people, one notice each, once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from cases import directory
from cases.deadlines.rule import Rung
from cases.tables.complaints import Complaint
from cases.tables.letters import Notice
from cases.tables.organisations import Account, Membership, Organisation
from cases.tables.worklist import Task

INBOX = "inbox"
MAIL = "mail"

# Rung addressees that are the people behind the task's own candidates.
ASSIGNEES = frozenset({"assignee", "stand_in", "party", "respondent", "verifying_dept"})


async def remind(
    session: AsyncSession, complaint: Complaint, key: str, clock: str, rung: Rung, waits_for: str, at: datetime
) -> None:
    """``waits_for`` is the role@unit that the clock runs against. A rung without a notice tells nobody."""
    if rung.notice is None:
        return
    for account in await _accounts(session, complaint, rung, waits_for):
        for channel in (INBOX, *((MAIL,) if account.email else ())):
            row = insert(Notice).values(
                idempotency_key=f"{key}:{rung.name}:{account.id}:{channel}",
                kind=rung.notice,
                complaint_id=complaint.id,
                channel=channel,
                account_id=account.id,
                facts={"clock": clock, "rung": rung.name, "case_no": complaint.case_no},
                subject=f"{complaint.case_no} {rung.notice}",
                body="",
                status="sent" if channel == INBOX else "pending",
                attempts=0,
                to_party=False,
                created_at=at,
                sent_at=at if channel == INBOX else None,
            )
            await session.execute(row.on_conflict_do_nothing())


async def _accounts(session: AsyncSession, complaint: Complaint, rung: Rung, waits_for: str) -> list[Account]:
    role, _, unit = waits_for.partition("@")
    found: dict[int, Account] = {}
    for wanted in rung.to:
        for account in await _behind(session, complaint, wanted, role, unit):
            found.setdefault(account.id, account)
    return [found[key] for key in sorted(found)]


async def _behind(session: AsyncSession, complaint: Complaint, wanted: str, role: str, unit: str) -> list[Account]:
    """The people that one addressee of a rung stands for."""
    if wanted in ASSIGNEES:
        own = await _assigned(session, complaint, role, unit)
        return own or await _members(session, role, unit)
    if wanted in ("dept_head", "verifying_head"):
        return await _members(session, "head", unit)
    if wanted == "accepting_dept":
        return await _members(session, "accepting_dept", complaint.accepting_uscc or "")
    regions = await directory.lineage(session, complaint.region_code)
    for region in regions:
        members = await _members_in(session, wanted, region)
        if members:
            return members
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


async def _members(session: AsyncSession, role: str, unit: str) -> list[Account]:
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
