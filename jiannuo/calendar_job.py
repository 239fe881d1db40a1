"""Applies changes of the calendar in the background, at a set rate. Safe to run many times at once, and to kill."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta

from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from activities.notify_wording import written
from activities.stores import Stores
from cases.calendar_changes.drain import OUTBOX, Drained, drain
from cases.calendar_changes.finish import finish
from cases.calendar_changes.missing import remind
from cases.outbox import promised
from cases.tables.ledger import Outbox
from jiannuo.rounds import go_round
from workflows import messages

PAUSE_S = 1.0
CASES_AT_ONCE = 100
SIGNALS_AT_ONCE = 50
# So many deadlines a second at most: cases that are being worked on go first.
RATE = 200


class CalendarJob:
    def __init__(self, stores: Stores, client: Client, *, rate: int = RATE) -> None:
        self._stores = stores
        self._client = client
        self._rate = rate
        self._reminded: date | None = None

    async def run(self, stop: asyncio.Event) -> None:
        await go_round("calendar", self._round, stop, PAUSE_S)

    async def _round(self) -> float:
        seen = await self.once(datetime.now(UTC))
        return seen / self._rate if seen else PAUSE_S

    async def once(self, now: datetime) -> int:
        """One round of everything; how much there was to do."""
        told = await self.tell(now)
        drained = await self.drain(now)
        if drained.seen or told:
            return drained.seen + told
        if self._reminded != now.date():
            async with self._stores.sessions.begin() as session:
                await remind(session, written, now)
            self._reminded = now.date()
        async with self._stores.sessions.begin() as session:
            return int(await finish(session, now))

    async def drain(self, now: datetime, cases: int = CASES_AT_ONCE) -> Drained:
        async with self._stores.sessions.begin() as session:
            return await drain(session, self._stores.vault, written, now, cases)

    async def tell(self, now: datetime) -> int:
        """Tells executions of dates that moved earlier. Told twice after a crash: the core ignores an old revision."""
        async with self._stores.sessions.begin() as session:
            rows = await promised(session, OUTBOX, SIGNALS_AT_ONCE)
            outcomes = await asyncio.gather(*(self._signal(row) for row in rows), return_exceptions=True)
            for row, outcome in zip(rows, outcomes, strict=True):
                row.attempts += 1
                if outcome is None:
                    row.done_at = now
                else:
                    row.last_error = type(outcome).__name__
        failed = [outcome for outcome in outcomes if outcome is not None]
        if failed:
            # After the others' rows are committed: one server that is away does not undo what was told.
            raise failed[0]
        return len(rows)

    async def _signal(self, row: Outbox) -> None:
        handle = self._client.get_workflow_handle(row.ref)
        try:
            await handle.signal(messages.SIGNAL_DEADLINE, row.payload["event"], rpc_timeout=timedelta(seconds=10))
        except RPCError as error:
            # The execution has ended, and its clocks with it.
            if error.status != RPCStatusCode.NOT_FOUND:
                raise
