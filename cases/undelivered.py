"""A mail that does not arrive is not the end: the inbox, the next channel, and the head of the reader's unit.

Done once per mail, however often it fails; a notice of this kind that itself fails goes no further.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from cases.notices import INBOX, MAIL, Reader, Written, put
from cases.tables.complaints import Complaint
from cases.tables.letters import Notice
from cases.tables.organisations import Account, Membership

KIND = "undelivered"
# So many failed tries are about an hour and a half: whoever waits for the notice must not learn of it in three days.
AFTER = 7
HEADS = ("head", "verifying_head")


def must_hand_over(row: Notice) -> bool:
    return row.channel == MAIL and row.kind != KIND and (row.status == "failed" or row.attempts == AFTER)


async def hand_over(session: AsyncSession, row: Notice, told: Written, now: datetime, next_channel: str | None) -> None:
    """``told``: what the reader's head reads (for a complainant: those who accepted its case)."""
    stem = row.idempotency_key.removesuffix(f":{MAIL}")
    if row.account_id is not None:
        await _copy(session, row, f"{stem}:{INBOX}", INBOX, now)
    if next_channel is not None:
        await _copy(session, row, f"{stem}:{next_channel}", next_channel, now)
    for account in await _responsible(session, row):
        reader = Reader(account.id, bool(account.email))
        await put(session, f"{KIND}:{row.idempotency_key}", row.complaint_id, reader, told, now)


async def _copy(session: AsyncSession, row: Notice, key: str, channel: str, now: datetime) -> None:
    """The inbox has most notices from the start; then this changes nothing."""
    at_once = channel == INBOX
    copied = insert(Notice).values(
        idempotency_key=key, kind=row.kind, complaint_id=row.complaint_id, channel=channel, account_id=row.account_id,
        to_party=row.to_party, facts={}, subject=row.subject, body=row.body, status="sent" if at_once else "pending",
        attempts=0, created_at=now, sent_at=now if at_once else None,
    )  # fmt: skip
    await session.execute(copied.on_conflict_do_nothing())


async def _responsible(session: AsyncSession, row: Notice) -> list[Account]:
    if row.account_id is not None:
        own = select(Membership.uscc).where(Membership.account_id == row.account_id)
        behind = and_(Membership.role.in_(HEADS), Membership.uscc.in_(own), Account.id != row.account_id)
    else:
        accepting = select(Complaint.accepting_uscc).where(Complaint.id == row.complaint_id)
        behind = and_(Membership.role == "accepting_dept", Membership.uscc.in_(accepting))
    found = await session.scalars(
        select(Account)
        .join(Membership, Membership.account_id == Account.id)
        .where(behind, Account.active)
        .order_by(Account.id)
    )
    return list(found.unique())


async def reader_of(session: AsyncSession, row: Notice) -> dict[str, str]:
    """Who did not get it, without the complainant's name, and of which case."""
    account = await session.get(Account, row.account_id) if row.account_id else None
    case_no = await session.scalar(select(Complaint.case_no).where(Complaint.id == row.complaint_id))
    return {"reader": account.display_name if account else "投诉人"} | ({"case_no": case_no} if case_no else {})
