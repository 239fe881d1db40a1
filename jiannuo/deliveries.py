"""Starts the delivery of what the database has promised to other platforms. Safe to run many times at once."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from temporalio.client import Client
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError

from activities.contracts import Delivery
from activities.stores import Stores
from cases.sharing import OUTBOX
from cases.tables.ledger import Outbox
from workflows.reports import DELIVERY

PAUSE = timedelta(seconds=0.5)
BATCH = 50

log = structlog.get_logger(__name__)


class Deliveries:
    def __init__(self, stores: Stores, client: Client, task_queue: str) -> None:
        self._stores = stores
        self._client = client
        self._task_queue = task_queue

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                busy = await self.once()
            except (OperationalError, RPCError, OSError) as error:
                log.warning("deliveries wait for a server", error=type(error).__name__)
                busy = False
            if not busy:
                try:
                    await asyncio.wait_for(stop.wait(), PAUSE.total_seconds())
                except TimeoutError:
                    continue

    async def once(self) -> bool:
        """One round; True when there was something to start."""
        # The row stays locked while Temporal is asked, so that two of us never take the same one.
        async with self._stores.sessions.begin() as session:
            rows = (
                await session.scalars(
                    select(Outbox)
                    .where(Outbox.done_at.is_(None), Outbox.kind == OUTBOX)
                    .order_by(Outbox.id)
                    .limit(BATCH)
                    .with_for_update(skip_locked=True)
                )
            ).all()
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
