"""Rate limits of what can be guessed: passwords and access codes. All API processes share them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from cases.errors import TooMany
from cases.tables.visits import FailedAttempt

WINDOW = timedelta(minutes=15)


@dataclass(frozen=True)
class Limit:
    """At most ``failures`` in a quarter of an hour for one ``subject``. Offices share an address."""

    subject: str
    failures: int


LOGIN, CODE, ADDRESS = Limit("login", 5), Limit("code", 8), Limit("address", 40)


def key_of(limit: Limit, value: str) -> str:
    return sha256(f"{limit.subject}:{value.strip().lower()}".encode()).hexdigest()


async def require_few(session: AsyncSession, now: datetime, tried: dict[Limit, str]) -> None:
    """Raises TooMany. Asked before the secret is looked at, so that a locked subject learns nothing."""
    for limit, value in tried.items():
        count = await session.scalar(
            select(func.count())
            .select_from(FailedAttempt)
            .where(FailedAttempt.key == key_of(limit, value), FailedAttempt.at > now - WINDOW)
        )
        if (count or 0) >= limit.failures:
            raise TooMany("失败次数过多，请15分钟后再试。")


async def note_failure(session: AsyncSession, now: datetime, tried: dict[Limit, str]) -> None:
    await session.execute(delete(FailedAttempt).where(FailedAttempt.at < now - WINDOW))
    session.add_all(FailedAttempt(key=key_of(limit, value), at=now) for limit, value in tried.items())


async def forget_failures(session: AsyncSession, limit: Limit, value: str) -> None:
    await session.execute(delete(FailedAttempt).where(FailedAttempt.key == key_of(limit, value)))
