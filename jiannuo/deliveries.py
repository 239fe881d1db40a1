"""Starts the delivery of what the database has promised to other platforms. Safe to run many times at once."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import structlog
from temporalio.client import Client
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

from activities.contracts import Delivery
from activities.stores import Stores
from cases.outbox import promised
from cases.sharing import OUTBOX
from cases.tables.ledger import Outbox
from jiannuo.rounds import go_round
from workflows.reports import DELIVERY

PAUSE_S = 0.5
BATCH = 50

log = structlog.get_logger(__name__)


class Deliveries:
    def __init__(self, stores: Stores, client: Client, task_queue: str) -> None:
        self._stores = stores
        self._client = client
        self._task_queue = task_queue

    async def run(self, stop: asyncio.Event) -> None:
        await go_round("deliveries", self._round, stop, PAUSE_S)

    async def _round(self) -> float:
        return 0 if await self.once() else PAUSE_S

    async def once(self) -> bool:
        """One round; True when there was something to start."""
        async with self._stores.sessions.begin() as session:
            rows = await promised(session, OUTBOX, BATCH)
            for row in rows:
                await self._start(row)
                row.done_at = datetime.now(UTC)
        return bool(rows)

    async def _start(self, row: Outbox) -> None:
        given = Delivery(row.ref, float(row.payload["within_s"]), float(row.payload["clock_offset_s"]))
        try:
            await self._client.start_workflow(
                DELIVERY,
                given,
                id=f"push:{row.ref}",
                task_queue=self._task_queue,
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
            )
        except WorkflowAlreadyStartedError:
            log.debug("delivery runs already")
