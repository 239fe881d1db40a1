"""Administrators learn of messages that are not delivered: once a day and person, as long as it lasts."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from cases.calendar_changes.readers import Writer
from cases.deadlines.zone import day_of
from cases.notices import Reader, put
from cases.queries.message_figures import figures
from cases.tables.organisations import Account, Membership

KIND = "messages_overdue"
ROLE = "administrator"


async def remind(session: AsyncSession, write: Writer, now: datetime, bound: timedelta) -> int:
    """Returns the number of people told; who was told today already counts too."""
    found = await figures(session, now)
    if not found.overdue(bound):
        return 0
    hours = max(int(found.oldest_s // 3600), 1)
    written = write(KIND, {"count": str(found.buffered + found.under_way), "hours": str(hours)})
    people = (
        await session.scalars(
            select(Account)
            .join(Membership, Membership.account_id == Account.id)
            .where(Membership.role == ROLE, Account.active)
            .order_by(Account.id)
        )
    ).unique()
    told = list(people)
    for account in told:
        reader = Reader(account.id, bool(account.email))
        await put(session, f"{KIND}:{day_of(now)}", None, reader, written, now)
    return len(told)
