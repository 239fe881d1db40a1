"""The timer starts of the newest versions, for operators."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from cases.definitions import DefinitionStore
from cases.errors import NotFound
from cases.start_schedule_acts import ACT
from cases.start_schedules import ACTIVE, REPLACED
from cases.tables.engine import Instance
from cases.tables.ledger import AuditEntry
from cases.tables.start_schedules import StartSchedule

# What is due and not begun for so long is no matter of the job's pause: no worker runs, or it fails.
LATE = timedelta(minutes=1)


@dataclass(frozen=True)
class Scheduled:
    """``name`` and ``process`` as the file calls them; ``last_status`` is that of the instance that it began last.
    ``status``: active, paused, ended or replaced.
    """

    id: str
    pack: str
    process_id: str
    process: str
    version: int
    start_event: str
    name: str
    timer: str
    status: str
    next_at: datetime | None
    begun: int
    last_at: datetime | None
    last_instance_id: str | None
    last_status: str | None

    def late(self, now: datetime) -> bool:
        return self.status == ACTIVE and self.next_at is not None and self.next_at < now - LATE


@dataclass(frozen=True)
class Acted:
    at: datetime
    act: str
    actor: str
    reason: str


async def start_schedules(session: AsyncSession, store: DefinitionStore, pack: str) -> list[Scheduled]:
    """By process and start event; those of older versions are over, and left out."""
    rows = await session.execute(
        select(StartSchedule, Instance.status)
        .outerjoin(Instance, Instance.id == StartSchedule.last_instance_id)
        .where(StartSchedule.pack == pack, StartSchedule.status != REPLACED)
        .order_by(StartSchedule.process_id, StartSchedule.start_event, StartSchedule.ordinal)
    )
    return [await _shown(session, store, row, status) for row, status in rows.all()]


async def start_schedule(session: AsyncSession, store: DefinitionStore, schedule_id: str) -> Scheduled:
    row = await session.get(StartSchedule, schedule_id)
    if row is None:
        raise NotFound("没有这个定时启动。")
    last = await session.get(Instance, row.last_instance_id) if row.last_instance_id else None
    return await _shown(session, store, row, last.status if last else None)


async def acts_on(session: AsyncSession, schedule_id: str, limit: int) -> list[Acted]:
    """The newest first; actors as the audit log has them."""
    entries = await session.scalars(
        select(AuditEntry)
        .where(AuditEntry.act.startswith(ACT), AuditEntry.facts["schedule"].astext == schedule_id)
        .order_by(AuditEntry.number.desc())
        .limit(limit)
    )
    return [Acted(one.at, one.act.removeprefix(ACT), one.actor, str(one.facts["reason"])) for one in entries]


async def late_starts(session: AsyncSession, now: datetime) -> int:
    late = select(func.count()).where(StartSchedule.status == ACTIVE, StartSchedule.next_at < now - LATE)
    return int(await session.scalar(late) or 0)


async def _shown(
    session: AsyncSession, store: DefinitionStore, row: StartSchedule, last_status: str | None
) -> Scheduled:
    graph = await store.graph(session, row.graph_hash)
    return Scheduled(
        row.id, row.pack, row.process_id, graph.processes[row.process_id].name or row.process_id, row.version,
        row.start_event, graph.nodes[row.start_event].name or row.start_event, row.written, row.status, row.next_at,
        row.begun, row.last_at, row.last_instance_id, last_status,
    )  # fmt: skip
