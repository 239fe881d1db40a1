"""Processes that begin by a timer, by program."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api import operations, start_schedules
from api.services import Wired
from api.who import ApiStaff
from cases.queries.start_schedules import start_schedules as listed

router = APIRouter(tags=["operator"], prefix="/start-schedules")


class StartScheduleOut(BaseModel):
    """``timer`` as the model has it; ``begun``: how many it has begun; ``last_status``: of its last instance."""

    id: str
    process_id: str
    process: str
    version: int
    start_event: str
    name: str
    timer: str
    status: Literal["active", "paused", "ended", "replaced"]
    next_at: datetime | None
    begun: int
    last_at: datetime | None
    last_instance_id: str | None
    last_status: str | None


class StartScheduleActIn(BaseModel):
    """``begun`` as it was seen: if it has begun another since, nothing is done."""

    reason: str = Field(max_length=1_000)
    begun: int | None = None


@router.get("", summary="由定时启动的流程")
async def schedules(services: Wired, who: ApiStaff) -> list[StartScheduleOut]:
    operations.require_operator(who)
    async with services.transaction() as session:
        found = await listed(session, services.definitions, services.pack)
    return [StartScheduleOut(**asdict(one)) for one in found]


@router.post("/{schedule_id}/{act}", summary="处置：暂停、恢复、立即启动一次")
async def perform(
    services: Wired, who: ApiStaff, schedule_id: str, act: Literal["pause", "resume", "start"],
    given: StartScheduleActIn,
) -> StartScheduleOut:  # fmt: skip
    operations.require_operator(who)
    done = await start_schedules.perform(services, who, schedule_id, act, given.reason, given.begun)
    return StartScheduleOut(**asdict(done))
