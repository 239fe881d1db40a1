"""Removes messages that have been settled for long, in batches small enough to hold up no record."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from activities.stores import Stores
from cases.message_retention import BATCH, sweep
from jiannuo.rounds import go_round

PAUSE_S = 3600.0
# Between full batches: others come to their rows.
BREATH_S = 0.2


class MessageUpkeep:
    """Safe to run many times at once: each takes rows that no other has."""

    def __init__(self, stores: Stores, kept: timedelta) -> None:
        self._stores = stores
        self._kept = kept

    async def run(self, stop: asyncio.Event) -> None:
        await go_round("message upkeep", self._round, stop, PAUSE_S)

    async def _round(self) -> float:
        return BREATH_S if await self.once(datetime.now(UTC)) == BATCH else PAUSE_S

    async def once(self, now: datetime) -> int:
        """One batch; how many were removed."""
        async with self._stores.sessions.begin() as session:
            return await sweep(session, now - self._kept, BATCH)
