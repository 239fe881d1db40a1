"""A person's in-app notices."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from cases.errors import NotFound
from cases.queries.pages import SIZE, Page, cursor, goes_back, page_of, values_of
from cases.reminders import INBOX
from cases.tables.letters import Notice


async def inbox(session: AsyncSession, account_id: int, after: str | None = None, size: int = SIZE) -> Page[Notice]:
    query = select(Notice).where(Notice.account_id == account_id, Notice.channel == INBOX)
    columns, up = (Notice.created_at, Notice.idempotency_key), goes_back(after)
    if after:
        here, there = tuple_(*columns), tuple_(*values_of(after, 2))
        query = query.where(here > there if up else here < there)
    ordered = query.order_by(*(column if up else column.desc() for column in columns)).limit(size + 1)
    rows = list(await session.scalars(ordered))
    return page_of(rows, size, after, lambda row: cursor(row.created_at, row.idempotency_key))


async def unread(session: AsyncSession, account_id: int) -> int:
    count = await session.scalar(
        select(func.count()).where(Notice.account_id == account_id, Notice.channel == INBOX, Notice.read_at.is_(None))
    )
    return count or 0


async def opened(session: AsyncSession, account_id: int, key: str, now: datetime) -> Notice:
    """The notice, read from now on. Raises NotFound, also for somebody else's."""
    notice = await _own(session, account_id, key)
    notice.read_at = notice.read_at or now
    return notice


async def mark_unread(session: AsyncSession, account_id: int, key: str) -> None:
    (await _own(session, account_id, key)).read_at = None


async def _own(session: AsyncSession, account_id: int, key: str) -> Notice:
    notice = await session.get(Notice, key)
    if notice is None or notice.account_id != account_id or notice.channel != INBOX:
        raise NotFound("没有找到这条通知。")
    return notice


async def mark_read(session: AsyncSession, account_id: int, now: datetime) -> None:
    await session.execute(
        update(Notice)
        .where(Notice.account_id == account_id, Notice.channel == INBOX, Notice.read_at.is_(None))
        .values(read_at=now)
    )
