"""Who is told about sharing and reports: the region DRC, which answers for the 18:00 report (S2§4), and supervisors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from cases.directory import top_of
from cases.reminders import INBOX, MAIL
from cases.tables.complaints import Complaint
from cases.tables.letters import Notice
from cases.tables.organisations import Account, Membership, Organisation, Region

RESPONSIBLE = ("region_drc", "supervisor")


async def responsible(session: AsyncSession, pack: str) -> list[Account]:
    """Region DRC and supervisors of the topmost region that the pack's cases lie in; of every one before the first."""
    used = await session.scalars(select(Complaint.region_code).where(Complaint.pack == pack).distinct())
    tops = sorted({await top_of(session, code) for code in used})
    if not tops:
        tops = list(await session.scalars(select(Region.code).where(Region.parent_code.is_(None))))
    rows = await session.scalars(
        select(Account)
        .join(Membership, Membership.account_id == Account.id)
        .join(Organisation, Organisation.uscc == Membership.uscc)
        .where(Membership.role.in_(RESPONSIBLE), Organisation.region_code.in_(tops), Account.active)
        .order_by(Account.id)
    )
    return list(rows.unique())


async def of_unit(session: AsyncSession, unit: str, role: str = "accepting_dept") -> list[Account]:
    rows = await session.scalars(
        select(Account)
        .join(Membership, Membership.account_id == Account.id)
        .where(Membership.role == role, Membership.uscc == unit, Account.active)
        .order_by(Account.id)
    )
    return list(rows.unique())


async def tell(
    session: AsyncSession,
    readers: Iterable[Account],
    key: str,
    kind: str,
    subject: str,
    body: str,
    facts: Mapping[str, Any],
    at: datetime,
    complaint_id: str | None = None,
) -> int:
    """One notice a person and channel, once per ``key``; how many people are new to it."""
    told = 0
    for account in {account.id: account for account in readers}.values():
        fresh = False
        for channel in (INBOX, *((MAIL,) if account.email else ())):
            row = insert(Notice).values(
                idempotency_key=f"{key}:{account.id}:{channel}",
                kind=kind,
                complaint_id=complaint_id,
                channel=channel,
                account_id=account.id,
                facts=dict(facts),
                subject=subject,
                body=body,
                status="sent" if channel == INBOX else "pending",
                attempts=0,
                to_party=False,
                created_at=at,
                sent_at=at if channel == INBOX else None,
            )
            written = await session.execute(row.on_conflict_do_nothing().returning(Notice.idempotency_key))
            fresh = fresh or written.first() is not None
        told += fresh
    return told
