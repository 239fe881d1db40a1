"""An administrator's acts on processes that begin by a timer. For pages and API."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncSession

from api import operations
from api.services import Services
from api.who import Staff
from cases.errors import NotFound
from cases.queries.start_schedules import Acted, Scheduled, acts_on, start_schedule
from cases.start_schedule_acts import ACTS, act
from cases.start_schedules import ACTIVE, ENDED, PAUSED

RECENT = 20
# What is possible in which state.
POSSIBLE = {ACTIVE: ("pause", "start"), PAUSED: ("resume", "start"), ENDED: ("start",)}


async def look(session: AsyncSession, services: Services, schedule_id: str) -> Scheduled:
    """Raises NotFound, also for one of another pack."""
    found = await start_schedule(session, services.definitions, schedule_id)
    if found.pack != services.pack:
        raise NotFound("没有这个定时启动。")
    return found


async def done(session: AsyncSession, schedule_id: str) -> list[Acted]:
    acts = await acts_on(session, schedule_id, RECENT)
    names = await operations.names(session, {one.actor for one in acts})
    return [replace(one, actor=names.get(one.actor, one.actor.removeprefix(operations.CLI))) for one in acts]


async def perform(
    services: Services, who: Staff, schedule_id: str, wanted: str, reason: str, begun: int | None
) -> Scheduled:
    """Raises Invalid (no reason), NotFound and Conflict."""
    if wanted not in ACTS:
        raise NotFound("没有这种处置。")
    async with services.transaction() as session:
        await look(session, services, schedule_id)
        actor = f"account:{who.account.id}"
        await act(session, schedule_id, wanted, reason, actor, services.clock(), begun=begun)
        return await look(session, services, schedule_id)
