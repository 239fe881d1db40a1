"""Moves open cases to another version of their model, in the background and at a set rate.

Safe to run many times at once, and to kill: each case is told by an Update of the same id at every try.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from temporalio.client import Client

from activities.stores import Stores
from bpmn import codec
from bpmn.events import InstanceMigrated
from bpmn.graphset import GraphSet
from cases.model_changes.batch import ATTEMPTS, due, finish, plan_of
from cases.model_changes.standing import OPEN, events
from cases.tables.engine import Instance, LoggedStep
from cases.tables.model_changes import ModelChange, ModelChangeJob
from jiannuo.rounds import go_round
from workflows import client as calls
from workflows import messages

PAUSE_S = 1.0
AT_ONCE = 8
SILENT = "案件的流程没有答复；请运行 jiannuo reconcile 查明后重新迁移。"
UNFINISHED = "案件的流程尚未开始记录；请稍后重新迁移。"


class MigrationJob:
    def __init__(self, stores: Stores, client: Client) -> None:
        self._stores = stores
        self._client = client

    async def run(self, stop: asyncio.Event) -> None:
        await go_round("migration", self._round, stop, PAUSE_S)

    async def _round(self) -> float:
        now = datetime.now(UTC)
        rates = [rate for rate in await asyncio.gather(*(self.one(now) for _ in range(AT_ONCE))) if rate]
        if rates:
            return len(rates) / min(rates)
        async with self._stores.sessions.begin() as session:
            return 0.0 if await finish(session, now) else PAUSE_S

    async def once(self, now: datetime) -> bool:
        """One case, or the end of a change; True when there was something to do."""
        if await self.one(now):
            return True
        async with self._stores.sessions.begin() as session:
            return await finish(session, now)

    async def one(self, now: datetime) -> float | None:
        """Moves the next case; the rate of its change, None when no case is due."""
        # The row stays locked while Temporal is asked, so that two of us never take the same one.
        async with self._stores.sessions.begin() as session:
            job = await session.scalar(due(now))
            if job is None:
                return None
            change = await session.get_one(ModelChange, job.change_id)
            job.attempts += 1
            job.tried_at = now
            await self._move(session, change, job)
            if job.state != "waiting":
                job.done_at = now
            return change.rate

    async def _move(self, session: AsyncSession, change: ModelChange, job: ModelChangeJob) -> None:
        instance = await session.get_one(Instance, job.instance_id)
        if instance.status not in OPEN:
            job.state = "left"
            return
        if instance.state is None:
            self._later(job, UNFINISHED)
            return
        todo = list(events(plan_of(change), codec.load_state(instance.state)))
        if not todo:
            await self._moved_before(session, change, job)
            return
        graph = await self._stores.definitions.graph(session, change.to_hash)
        for event in todo:
            if not await self._tell(job, change, event, GraphSet({graph.hash: graph})):
                return
        job.state, job.problem = "moved", None

    async def _tell(self, job: ModelChangeJob, change: ModelChange, event: InstanceMigrated, graphs: GraphSet) -> bool:
        """True once the execution has recorded the move of this scope."""
        message = messages.Operate(
            f"{prefix(change)}{event.scope_key}", codec.dump_event(event), change.author, change.reason
        )
        outcome = await calls.migrate(self._client, job.instance_id, message, graphs)
        match outcome:
            case calls.Refused(sentence=sentence):
                job.state, job.problem = "refused", sentence
            case calls.Accepted(step=step) if step is not None:
                job.step = step
                return True
            case _:
                self._later(job, SILENT)
        return False

    def _later(self, job: ModelChangeJob, why: str) -> None:
        if job.attempts >= ATTEMPTS:
            job.state, job.problem = "failed", why

    async def _moved_before(self, session: AsyncSession, change: ModelChange, job: ModelChangeJob) -> None:
        """An earlier try was killed after the execution had recorded the move, or somebody else has moved the case."""
        step = await session.scalar(
            select(LoggedStep.number)
            .where(
                LoggedStep.instance_id == job.instance_id,
                LoggedStep.submission_id.startswith(prefix(change), autoescape=True),
            )
            .order_by(LoggedStep.number.desc())
            .limit(1)
        )
        job.state, job.step = ("left", None) if step is None else ("moved", step)


def prefix(change: ModelChange) -> str:
    """Of the ids of the Updates of one change; with the scope's key each is unique in its execution."""
    return f"migration-{change.id}-"
