"""The past year of a sample case, lived on a server whose clock cannot be moved.

Each execution has a time axis of its own: Temporal's clock plus the offset it was started with. To take a case to a
later instant it is started anew from its logged state, as reconcile does, with another offset. Timers so fire in their
order, between the acts and not all before them. The last start is on offset zero: then it is a case like others.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from activities.stores import Stores
from bpmn import codec
from bpmn.commands import SetTimer
from bpmn.graphset import GraphSet
from cases.projection.deadlines import current_event
from cases.tables.clocks import Deadline
from cases.tables.engine import Instance
from cases.tables.worklist import Submission
from jiannuo.errors import JiannuoError
from workflows import client as calls
from workflows import messages

# A question costs the worker more than waiting does, and right after an act the answer is no.
POLL_S = 0.05
PATIENCE_S = 60.0
# Past the instant itself, so that what is due at it is due.
JUST_AFTER = timedelta(seconds=1)


class SeedStuck(JiannuoError):
    """An execution did not come to rest: an activity keeps failing, or no worker runs."""


class Timeline:
    def __init__(self, stores: Stores, client: Client, task_queue: str) -> None:
        self._stores = stores
        self._client = client
        self._task_queue = task_queue

    async def begun(self, instance_id: str) -> None:
        """Waits until the worker's relay has started the execution and its first step is logged."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                async with self._stores.sessions() as session:
                    status = await session.scalar(select(Instance.status).where(Instance.id == instance_id))
                if status != "starting":
                    return await self.quiet(instance_id)
                await asyncio.sleep(POLL_S)

    async def move(self, instance_id: str, to: datetime) -> None:
        """Takes a case to ``to``, stopping where a deadline ends on the way."""
        while (stop := await self._next_stop(instance_id, to)) is not None:
            await self._restart(instance_id, stop + JUST_AFTER - datetime.now(UTC))
        await self._restart(instance_id, to - datetime.now(UTC))

    async def arrive(self, instance_id: str) -> None:
        """Takes a case to the present, where it stays."""
        while (stop := await self._next_stop(instance_id, datetime.now(UTC))) is not None:
            await self._restart(instance_id, stop + JUST_AFTER - datetime.now(UTC))
        await self._restart(instance_id, timedelta(0))

    async def quiet(self, instance_id: str) -> None:
        handle = self._client.get_workflow_handle(instance_id)
        try:
            async with asyncio.timeout(PATIENCE_S):
                while True:
                    await asyncio.sleep(POLL_S)
                    position: messages.Position = await handle.query(
                        messages.QUERY_STATE, result_type=messages.Position
                    )
                    if position.halted is not None:
                        raise SeedStuck(f"{instance_id} halted: {position.halted}.")
                    if position.quiet:
                        return
        except RPCError as error:
            if error.status != RPCStatusCode.NOT_FOUND:
                raise
        except TimeoutError:
            raise SeedStuck(f"{instance_id} did not come to rest within {PATIENCE_S:.0f} s.") from None

    async def _next_stop(self, instance_id: str, before: datetime) -> datetime | None:
        """Where the next deadline ends or another timer falls, if it is yet to come for this case."""
        async with self._stores.sessions() as session:
            instance = await session.get(Instance, instance_id)
            assert instance is not None, "the complaint was filed"
            if instance.state is None or instance.status != "active":
                return None
            now = datetime.now(UTC) + timedelta(seconds=instance.clock_offset_s)
            ends = await session.scalars(
                select(Deadline.due_at).where(Deadline.instance_id == instance_id, Deadline.status == "running")
            )
            timers = [c for c in codec.load_commands(instance.outstanding) if isinstance(c, SetTimer)]
            instants = [at for at in ends if at is not None]
            instants += [datetime.fromisoformat(t.at) for t in timers if t.deadline_key is None]
            return min((at for at in instants if now < at < before), default=None)

    async def _restart(self, instance_id: str, offset: timedelta) -> None:
        async with self._stores.sessions.begin() as session:
            instance = await session.get(Instance, instance_id, with_for_update={"key_share": True})
            assert instance is not None, "the complaint was filed"
            instance.clock_offset_s = offset.total_seconds()
            if instance.status != "active" or instance.state is None:
                return
            state = codec.load_state(instance.state)
            hashes = state.graph_hashes()
            graphs = {hash_: await self._stores.definitions.graph(session, hash_) for hash_ in hashes}
            running = await session.scalars(
                select(Deadline).where(Deadline.instance_id == instance_id, Deadline.status == "running")
            )
            # What the execution before was told of its deadlines may not have reached the log; told twice is ignored.
            deadlines = [codec.dump_event(current_event(row)) for row in running]
            given = messages.ProcessStart(
                instance.id, instance.graph_hash, instance.process_id, instance.business_key,
                clock_offset_s=instance.clock_offset_s,
                carried=messages.Carried(
                    instance.state, instance.last_step, instance.digest, instance.outstanding,
                    await _answered(session, instance_id), deadlines,
                ),
            )  # fmt: skip
        await calls.start(self._client, self._task_queue, given, GraphSet(graphs), replace=True)
        await self.quiet(instance_id)


async def _answered(session: AsyncSession, instance_id: str) -> dict[str, int]:
    """The relay may tell an act once more that it saw pending a moment ago; the new execution must know it."""
    rows = await session.execute(
        select(Submission.id, Submission.step).where(
            Submission.instance_id == instance_id, Submission.step.is_not(None)
        )
    )
    return {id_: step for id_, step in rows if step is not None}
