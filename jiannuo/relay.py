"""The relay: tells Temporal what the database has promised, until it is done. Safe to run many times at once."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from temporalio.client import Client

from activities.stores import Stores
from bpmn.graphset import GraphSet
from bpmn.semantics import BEGUN
from cases.outbox import promised
from cases.submissions import actor_ref, pending, refuse
from cases.tables.engine import Instance
from cases.tables.worklist import Submission
from jiannuo.rounds import go_round
from workflows import client as calls
from workflows import messages

PAUSE_S = 0.5
# The API tells a submission itself; the relay only picks up what stayed behind.
LEFT_BEHIND = timedelta(seconds=5)
BATCH = 50


class Relay:
    def __init__(self, stores: Stores, client: Client, task_queue: str, *, semantics: int = BEGUN) -> None:
        self._stores = stores
        self._client = client
        self._task_queue = task_queue
        self._semantics = semantics

    async def run(self, stop: asyncio.Event) -> None:
        await go_round("relay", self._round, stop, PAUSE_S)

    async def _round(self) -> float:
        return 0 if await self.once() else PAUSE_S

    async def once(self, left_behind: timedelta = LEFT_BEHIND) -> bool:
        """One round; True when there was something to do."""
        started = await self._start_promised()
        told = await self._tell_pending(left_behind)
        return started or told

    async def _start_promised(self) -> bool:
        async with self._stores.sessions.begin() as session:
            rows = await promised(session, "start", BATCH)
            for row in rows:
                await self._start(session, row.ref)
                row.done_at = datetime.now(UTC)
        return bool(rows)

    async def _start(self, session: AsyncSession, instance_id: str) -> None:
        instance = await session.get(Instance, instance_id)
        assert instance is not None, "an outbox row names its instance"
        graph = await self._stores.definitions.graph(session, instance.graph_hash)
        given = messages.ProcessStart(
            instance.id,
            instance.graph_hash,
            instance.process_id,
            instance.business_key,
            instance.variables,
            instance.clock_offset_s,
            instance.start_event,
            instance.start_definition,
            semantics=self._semantics,
        )
        await calls.start(self._client, self._task_queue, given, GraphSet({graph.hash: graph}))

    async def _tell_pending(self, left_behind: timedelta) -> bool:
        async with self._stores.sessions() as session:
            rows = await pending(session, datetime.now(UTC) - left_behind, BATCH)
        outcomes = [await self.tell(row) for row in rows]
        # What got no answer stays pending for the round after the pause: asking again at once would be a busy loop.
        return any(
            isinstance(one, calls.Refused) or (isinstance(one, calls.Accepted) and one.step is not None)
            for one in outcomes
        )

    async def tell(self, row: Submission) -> calls.Outcome:
        """Tells the execution of a stored submission; a refusal is settled here, what it accepts by the record."""
        outcome = await calls.submit(self._client, row.instance_id, messages.Submit(row.id, row.event, actor_ref(row)))
        match outcome:
            case calls.Refused(sentence=sentence):
                async with self._stores.sessions.begin() as session:
                    await refuse(session, row.id, sentence)
            case calls.Gone():
                async with self._stores.sessions.begin() as session:
                    started = await session.scalar(select(Instance.status).where(Instance.id == row.instance_id))
                    if started not in ("starting", None):
                        await refuse(session, row.id, "案件已经办理终结,不能再作出这一办理动作。")
        return outcome
