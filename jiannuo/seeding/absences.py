"""AB岗 and leave of the sample, entered as the people themselves would. What was entered once is not entered again."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from cases.access import actor_of
from cases.deadlines.zone import day_of
from cases.people.leave import set_pair, take_leave
from cases.tables.organisations import Account
from cases.tables.people import Leave, StandInPair
from jiannuo.seeding.region import Sample


async def write_absences(session: AsyncSession, sample: Sample, now: datetime) -> None:
    for login, other in sample.stand_ins.items():
        account = await _account(session, login)
        if await session.get(StandInPair, account.id) is None:
            await set_pair(session, await actor_of(session, account), account.id, other, now)
    today = day_of(now)
    for leave in sample.leaves:
        account = await _account(session, leave.login)
        if await session.scalar(select(Leave.id).where(Leave.account_id == account.id).limit(1)) is None:
            actor, until = await actor_of(session, account), today + timedelta(days=leave.days)
            await take_leave(session, actor, account.id, leave.kind, today, until, False, now)


async def _account(session: AsyncSession, login: str) -> Account:
    found = await session.scalar(select(Account).where(Account.login == login))
    assert found is not None, "the directory was written first"
    return found
