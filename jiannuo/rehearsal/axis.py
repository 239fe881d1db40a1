"""One time axis for all cases of a file, on a server where each execution has a virtual clock of its own.

Case time = the execution's clock + an offset fixed at its start, so a case of last spring begins in last spring.
"""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from temporalio.client import Client, WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import WorkflowEnvironment

from jiannuo.errors import JiannuoError
from workflows import messages

POLL = 0.02
# Each look is a query, which the worker answers beside its work: a busy worker is asked less and less often.
SLOWER, SLOWEST = 1.5, 0.5
PATIENCE = timedelta(seconds=60)


class RehearsalStuck(JiannuoError):
    """An execution did not come to rest: an activity keeps failing, or the worker is gone."""


class Axis:
    def __init__(self, environment: WorkflowEnvironment, client: Client) -> None:
        self._environment = environment
        self._client = client
        self._offsets: dict[str, timedelta] = {}

    def begin(self, instance_id: str, at: datetime, server_now: datetime) -> float:
        """The offset in seconds with which an execution starts at ``at``."""
        self._offsets[instance_id] = at - server_now
        return self._offsets[instance_id].total_seconds()

    def follow(self, instance_id: str, offset_s: float) -> bool:
        """An execution that the procedure itself started, on the axis that it was given. True when it is new here."""
        new = instance_id not in self._offsets
        self._offsets[instance_id] = timedelta(seconds=offset_s)
        return new

    def _skipping(self, instance_id: str) -> WorkflowHandle[object, object]:
        return self._environment.client.get_workflow_handle(instance_id)

    async def now(self, instance_id: str) -> datetime:
        return await self._environment.get_current_time(self._skipping(instance_id)) + self._offsets[instance_id]

    async def advance(self, instance_id: str, to: datetime) -> None:
        """Moves one execution to ``to``, firing what falls due on the way, and waits until it is quiet."""
        if not await self.running(instance_id):
            return
        ahead = to - await self.now(instance_id)
        if ahead > timedelta(0):
            await self._environment.fast_forward(self._skipping(instance_id), ahead)
        await self.quiet(instance_id)

    async def started(self, instance_id: str) -> None:
        """Another relay may have taken the promise to start it: wait until Temporal knows the execution."""
        async with asyncio.timeout(PATIENCE.total_seconds()):
            while True:
                try:
                    await self._client.get_workflow_handle(instance_id).describe()
                except RPCError as error:
                    if error.status != RPCStatusCode.NOT_FOUND:
                        raise
                else:
                    return
                await asyncio.sleep(POLL)

    async def history(self, instance_id: str) -> tuple[int, int]:
        """Events and bytes of the execution's current run, as Temporal counts them."""
        info = (await self._client.get_workflow_handle(instance_id).describe()).raw_description.workflow_execution_info
        return info.history_length, info.history_size_bytes

    async def running(self, instance_id: str) -> bool:
        description = await self._client.get_workflow_handle(instance_id).describe()
        return description.status is not None and description.status.name == "RUNNING"

    async def quiet(self, instance_id: str) -> None:
        handle = self._client.get_workflow_handle(instance_id)
        pause = POLL
        try:
            async with asyncio.timeout(PATIENCE.total_seconds()):
                while True:
                    try:
                        position = await self._position(handle)
                    except RPCError as error:
                        # A worker that has only just started is not known to the server yet.
                        if error.status != RPCStatusCode.FAILED_PRECONDITION:
                            raise
                    else:
                        if position is None or position.quiet:
                            return
                        if position.halted is not None:
                            raise RehearsalStuck(f"{instance_id} halted: {position.halted}.")
                    await asyncio.sleep(pause)
                    pause = min(pause * SLOWER, SLOWEST)
        except TimeoutError:
            raise RehearsalStuck(f"{instance_id} did not come to rest within {PATIENCE}.") from None

    async def _position(self, handle: WorkflowHandle[object, object]) -> messages.Position | None:
        try:
            position: messages.Position = await handle.query(messages.QUERY_STATE, result_type=messages.Position)
        except RPCError as error:
            if error.status == RPCStatusCode.NOT_FOUND:
                return None
            raise
        return position
