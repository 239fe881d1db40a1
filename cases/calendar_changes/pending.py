"""How far the changes of the calendar are, and which tables are in force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from cases.tables.calendar_changes import CalendarChange, CalendarJob, CalendarTable


@dataclass(frozen=True)
class Progress:
    """``jobs``: how many deadlines per state. ``messaged``: executions that had to be told."""

    change_id: int
    kind: str
    version: str
    reason: str
    author: str
    at: datetime
    state: str
    jobs: Mapping[str, int]
    messaged: int


async def pending(session: AsyncSession, *, everything: bool = False) -> list[Progress]:
    """Changes that are not through, or all of them; newest first."""
    query = select(CalendarChange).order_by(CalendarChange.id.desc())
    changes = (
        await session.scalars(query if everything else query.where(CalendarChange.state == "applying"))
    ).all()
    counts: dict[int, dict[str, int]] = {}
    messaged: dict[int, int] = {}
    told = func.count().filter(CalendarJob.messaged)
    rows = await session.execute(
        select(CalendarJob.change_id, CalendarJob.state, func.count(), told)
        .where(CalendarJob.change_id.in_([change.id for change in changes]))
        .group_by(CalendarJob.change_id, CalendarJob.state)
    )
    for change_id, state, count, heard in rows:
        counts.setdefault(change_id, {})[state] = count
        messaged[change_id] = messaged.get(change_id, 0) + heard
    return [
        Progress(
            act.id, act.kind, act.version, act.reason, act.author, act.at, act.state, counts.get(act.id, {}),
            messaged.get(act.id, 0),
        )
        for act in changes
    ]  # fmt: skip


async def tables(session: AsyncSession) -> list[CalendarTable]:
    """Every table ever published, the withdrawn ones too; newest first."""
    return list(await session.scalars(select(CalendarTable).order_by(CalendarTable.id.desc())))
