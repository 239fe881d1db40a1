"""Removes messages that have been settled for long, in batches small enough to hold up no record, and tells
administrators of those that are not delivered.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from activities.notify_wording import written
from activities.stores import Stores
from cases.message_reminders import remind
from cases.message_retention import BATCH, sweep
from jiannuo.rounds import go_round

PAUSE_S = 600.0
# Between full batches: others come to their rows.
BREATH_S = 0.2


class MessageUpkeep:
    """Safe to run many times at once: each takes rows that no other has."""

    def __init__(self, stores: Stores, kept: timedelta, overdue: timedelta) -> None:
        self._stores = stores
        self._kept = kept
        self._overdue = overdue

    async def run(self, stop: asyncio.Event) -> None:
        await go_round("message upkeep", self._round, stop, PAUSE_S)

    async def _round(self) -> float:
        now = datetime.now(UTC)
        if await self.once(now) == BATCH:
            return BREATH_S
        await self.remind(now)
        return PAUSE_S

    async def remind(self, now: datetime) -> int:
        """How many administrators know that something is overdue."""
        async with self._stores.sessions.begin() as session:
            return await remind(session, written, now, self._overdue)

    async def once(self, now: datetime) -> int:
        """One batch; how many were removed."""
        async with self._stores.sessions.begin() as session:
            return await sweep(session, now - self._kept, BATCH)
