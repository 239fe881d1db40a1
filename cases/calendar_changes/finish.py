"""The end of a change: nobody can still bring a date counted with the calendar before, and everybody has been told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, Text, cast, exists, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession

from cases.calendar_changes.publish import enlist
from cases.calendar_changes.readers import KIND
from cases.notices import INBOX, Reader, Written, put
from cases.tables.calendar_changes import CalendarChange, CalendarJob, CalendarTable
from cases.tables.letters import Notice
from cases.tables.organisations import Account

LINES = 50
LOOKED = 0


async def finish(session: AsyncSession, now: datetime) -> bool:
    """Takes the oldest change without waiting deadlines one step on; True when something happened.

    A record that read the calendar just before the publication may commit after it. Every such transaction holds the
    lock of its instance, so it has a number, lower than that of any transaction begun afterwards (``barrier``). Once
    all up to the barrier have ended, one more look finds what they left behind, and then there is nobody left.
    """
    waits = exists().where(CalendarJob.change_id == CalendarChange.id, CalendarJob.state == "waiting")
    change = await session.scalar(
        select(CalendarChange)
        .where(CalendarChange.state == "applying", ~waits)
        .order_by(CalendarChange.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=CalendarChange)
    )
    if change is None:
        return False
    if change.barrier is None:
        change.barrier = await session.scalar(select(_number(func.pg_current_xact_id())))
        return True
    if change.barrier == LOOKED:
        change.state, change.done_at = "done", now
        await _summaries(session, change, now)
        return True
    oldest = await session.scalar(select(_number(func.pg_snapshot_xmin(func.pg_current_snapshot()))))
    assert oldest is not None
    if oldest <= change.barrier:
        return False
    withdrawn = await session.scalar(
        select(CalendarTable.withdrawn_at).where(CalendarTable.version == change.version)
    )
    if change.kind == "withdraw" or withdrawn is None:
        # Of a table that has been withdrawn since, no row shall bear the version any more: the withdrawal looks.
        await enlist(session, change, stale_only=True)
    change.barrier = LOOKED
    return True


def _number(number: ColumnElement[Any]) -> ColumnElement[int]:
    return cast(cast(number, Text), BigInteger)


async def _summaries(session: AsyncSession, change: CalendarChange, now: datetime) -> None:
    """One mail a person, in place of one a deadline."""
    for account_id, mail, count, lines in await session.execute(_told(change.id)):
        more = [] if count <= LINES else [f"其余{count - LINES}项见收件箱。"]
        body = "\n".join([f"{change.reason}。以下{count}个期限已经变更：", *lines[:LINES], *more])
        written = Written(KIND, f"期限变更：共{count}项", body, {"change": str(change.id), "count": str(count)})
        await put(session, f"calendar:{change.id}:summary", None, Reader(account_id, mail), written, now)


def _told(change_id: int) -> Select[Any, Any, Any, Any]:
    return (
        select(
            Notice.account_id, func.bool_or(Account.email.is_not(None)), func.count(),
            func.array_agg(aggregate_order_by(Notice.body, Notice.idempotency_key)),
        )
        .join(Account, Account.id == Notice.account_id)
        .where(
            Notice.kind == KIND, Notice.channel == INBOX, Notice.complaint_id.is_not(None),
            Notice.facts["change"].astext == str(change_id),
        )
        .group_by(Notice.account_id)
    )  # fmt: skip
