"""What an operator does about timer starts: pause, resume, begin one now. Each is in the audit log with its reason."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from cases import audit
from cases.errors import Conflict, NotFound
from cases.operations import required_reason
from cases.start_schedules import ACTIVE, ENDED, LIVE, PAUSED, begin_by_hand, following, move
from cases.tables.start_schedules import StartSchedule

ACT = "start_schedule:"


async def act(
    session: AsyncSession, schedule_id: str, wanted: str, reason: str, actor: str, now: datetime, *,
    begun: int | None = None,
) -> StartSchedule:  # fmt: skip
    """``wanted``: a key of ``ACTS``. ``begun``: how many the operator saw begun, so that one wish begins one.

    Raises Invalid (no reason), NotFound, and Conflict when the schedule is not in the state that the act is for.
    """
    written = required_reason(reason)
    row = await session.scalar(select(StartSchedule).where(StartSchedule.id == schedule_id).with_for_update())
    if row is None:
        raise NotFound("没有这个定时启动。")
    if row.status not in (*LIVE, ENDED):
        raise Conflict("流程已部署了新版本，这个定时启动不再有效。")
    if begun is not None and begun != row.begun:
        raise Conflict("您查看之后它已经启动过流程。请刷新页面，看过上次启动的流程再决定。")
    facts = {
        "schedule": row.id, "process": row.process_id, "version": row.version, "start_event": row.start_event,
        "reason": written,
    }  # fmt: skip
    await ACTS[wanted](session, row, now)
    if wanted == "start":
        facts["instance"] = row.last_instance_id
    await session.flush()
    await audit.append(session, at=now, recorded_at=now, actor=actor, act=f"{ACT}{wanted}", facts=facts)
    return row


async def _pause(session: AsyncSession, row: StartSchedule, now: datetime) -> None:
    if row.status != ACTIVE:
        raise Conflict("它没有在等待时点，不需要暂停。" if row.status == ENDED else "它已经暂停。")
    row.status = PAUSED


async def _resume(session: AsyncSession, row: StartSchedule, now: datetime) -> None:
    """What fell due meanwhile is not begun: that nothing should begin is what the pause was for."""
    if row.status != PAUSED:
        raise Conflict("它没有暂停，不需要恢复。")
    row.status = ACTIVE
    if row.next_at is not None and row.next_at <= now:
        move(row, following(row, now))


async def _start(session: AsyncSession, row: StartSchedule, now: datetime) -> None:
    """One more, beside the plan: its instants stay as they are."""
    await begin_by_hand(session, row, now)


ACTS: Mapping[str, Callable[[AsyncSession, StartSchedule, datetime], Awaitable[None]]] = {
    "pause": _pause,
    "resume": _resume,
    "start": _start,
}
