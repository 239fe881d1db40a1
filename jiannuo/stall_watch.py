"""Once a day, in the morning: who a case waits for is told that it stands still."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import date, datetime

from activities.notify_wording import written
from activities.stores import Stores, now_utc
from cases import standing_still
from cases.deadlines.zone import day_of
from jiannuo.rounds import go_round

PAUSE_S = 600.0


class StallWatch:
    """``packs``: those in use."""

    def __init__(self, stores: Stores, packs: Sequence[str], clock: Callable[[], datetime] = now_utc) -> None:
        self._stores = stores
        self._packs = packs
        self._clock = clock
        self._done: date | None = None

    async def run(self, stop: asyncio.Event) -> None:
        await go_round("stall watch", self._round, stop, PAUSE_S)

    async def _round(self) -> float:
        now = self._clock()
        if self._done != day_of(now) and await self.once(now):
            # Before the offices open nothing was found; once something was, the day is done.
            self._done = day_of(now)
        return PAUSE_S

    async def once(self, now: datetime) -> int:
        """All that stand still now, a batch a transaction. How many were told of."""
        found = 0
        for pack in self._packs:
            after = ""
            while True:
                async with self._stores.sessions.begin() as session:
                    seen = await standing_still.remind(session, written, pack, now, after)
                if not seen:
                    break
                found, after = found + len(seen), seen[-1]
        return found
