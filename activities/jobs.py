"""Service tasks of the procedure: a table from task definition type to what it does.

A job runs in one transaction, keyed by (instance, job key): run again after a crash, it finds what it did.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession
from temporalio import activity

from activities import contracts
from activities.stores import Stores, now_utc
from bpmn import codec
from bpmn.values import Json
from cases import positions
from cases.errors import NotFound
from cases.tables.complaints import Complaint
from cases.tables.engine import Instance


@dataclass(frozen=True)
class Job:
    """``at`` in case time; ``variables`` are the job's inputs and what its scope sees."""

    session: AsyncSession
    stores: Stores
    instance: Instance
    complaint: Complaint
    key: int
    at: datetime
    variables: Mapping[str, Json]

    @property
    def id(self) -> str:
        return f"{self.instance.id}:{self.key}"

    @property
    def offset_s(self) -> float:
        """Seconds from real time to the case's own axis, for what starts now and beside it; 0 except in rehearsals."""
        return (self.at - now_utc()).total_seconds() if self.instance.clock_offset_s else 0.0

    def text(self, name: str) -> str:
        value = self.variables.get(name)
        return "" if value is None else str(value)


Handler = Callable[[Job], Awaitable[Mapping[str, Json]]]


def as_activity(type_: str, handler: Handler, stores: Stores) -> Callable[..., Any]:
    """The activity of one job type: loads the case, runs the handler, commits, answers with its variables."""

    @activity.defn(name=type_)
    async def run(given: contracts.JobInput) -> contracts.JobResult:
        async with stores.transaction() as session:
            instance = await session.get(Instance, given.instance_id)
            complaint = await session.get(Complaint, instance.business_key) if instance else None
            if instance is None or complaint is None:
                raise NotFound(f"{given.instance_id} 没有对应的案件。")
            variables = codec.load_variables(given.variables)
            job = Job(session, stores, instance, complaint, given.key, datetime.fromisoformat(given.at), variables)
            result = await handler(job)
            await positions.refresh(session, [complaint.id])
        return contracts.JobResult(codec.dump_variables(result))

    return run
