"""How many messages wait, are on their way or were never taken, and how old the oldest is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from cases.tables.messages import Delivery, Published

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Figures:
    """``oldest_s``: since when the oldest of those that wait or are on their way does so. ``expired``: in the last 24
    hours.
    """

    buffered: int
    under_way: int
    oldest_s: float
    expired: int

    def overdue(self, bound: timedelta) -> bool:
        return self.oldest_s > bound.total_seconds()


async def figures(session: AsyncSession, now: datetime) -> Figures:
    buffered = select(func.count(), func.min(Published.thrown_at)).where(
        Published.status == "buffered", Published.kind == "message"
    )
    open_ = select(func.count(), func.min(Delivery.created_at)).where(Delivery.status == "open")
    expired = select(func.count()).where(Published.status == "expired", Published.settled_at > now - DAY)
    waiting, since = (await session.execute(buffered)).one()
    going, sent = (await session.execute(open_)).one()
    oldest = min((at for at in (since, sent) if at is not None), default=now)
    age = max((now - oldest).total_seconds(), 0.0)
    return Figures(waiting, going, age, int(await session.scalar(expired) or 0))
