"""Begins the processes whose timer start has come. Safe to run many times at once."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from activities.stores import Stores
from cases.start_schedules import start_due
from jiannuo.rounds import go_round

PAUSE_S = 1.0
BATCH = 100


class TimerStarter:
    """It writes promises; the relay keeps them."""

    def __init__(self, stores: Stores) -> None:
        self._stores = stores

    async def run(self, stop: asyncio.Event) -> None:
        await go_round("timer-starter", self._round, stop, PAUSE_S)

    async def _round(self) -> float:
        # A full round may have left something; one that was not full began all there was.
        return 0 if await self.once(datetime.now(UTC)) == BATCH else PAUSE_S

    async def once(self, now: datetime) -> int:
        """One round; how many it began."""
        async with self._stores.sessions.begin() as session:
            return await start_due(session, now, BATCH)
