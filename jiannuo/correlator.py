"""The correlator: brings what executions say to each other to those who wait for it. Safe to run many times at once."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from temporalio.client import Client

from activities.stores import Stores
from cases import message_deliveries as deliveries
from cases.correlation import correlate
from jiannuo.rounds import go_round
from workflows import client as calls
from workflows import messages

PAUSE_S = 0.5
BATCH = 20


class Correlator:
    """Starts are left to the relay, by the outbox."""

    def __init__(self, stores: Stores, client: Client) -> None:
        self._stores = stores
        self._client = client

    async def run(self, stop: asyncio.Event) -> None:
        await go_round("correlator", self._round, stop, PAUSE_S)

    async def _round(self) -> float:
        return 0 if await self.once(datetime.now(UTC)) else PAUSE_S

    async def once(self, now: datetime) -> bool:
        """One round; True when there was something to do."""
        async with self._stores.sessions.begin() as session:
            found = await correlate(session, self._stores.definitions, now)
        async with self._stores.sessions() as session:
            rows = await deliveries.under_way(session, BATCH)
        by_execution: dict[str, list[deliveries.UnderWay]] = {}
        for row in rows:
            by_execution.setdefault(row.instance_id, []).append(row)
        # Side by side, so that one which does not answer holds up no other.
        settled = await asyncio.gather(*(self._tell(ours, now) for ours in by_execution.values()))
        # What got no answer waits for the round after the pause: asking again at once would be a busy loop.
        return found or any(settled)

    async def _tell(self, rows: list[deliveries.UnderWay], now: datetime) -> bool:
        """What is for one execution, in order, until it does not answer."""
        settled = False
        for row in rows:
            if not await self._deliver(row, now):
                break
            settled = True
        return settled

    async def _deliver(self, row: deliveries.UnderWay, now: datetime) -> bool:
        """The delivery's id is the Update's: killed before the outcome is noted, the next round is told it again."""
        given = messages.Submit(row.id, row.event, row.actor)
        outcome = await calls.submit(self._client, row.instance_id, given)
        async with self._stores.sessions.begin() as session:
            match outcome:
                case calls.Accepted(step=None):
                    await deliveries.tried(session, row.id, now)
                    return False
                case calls.Accepted():
                    await deliveries.taken(session, row.id, now)
                case calls.Refused():
                    await deliveries.refused(session, row.id, now)
                case calls.Gone():
                    await deliveries.gone(session, row.id, now)
                    return False
        return True
