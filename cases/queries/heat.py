"""Where cases wait and where they are late, by element of the model: for whoever looks for the bottleneck."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from cases import access
from cases.access import Actor
from cases.positions import OPEN
from cases.queries.light import Lights
from cases.tables.positions import TaskPosition
from cases.tables.worklist import Task

LOOKED_BACK = timedelta(days=90)
_DAY_S = 86_400.0


@dataclass(frozen=True)
class Heat:
    """One user task. ``waiting`` tasks of open cases, ``late`` of them; ``age`` is their median age in calendar days.

    ``usual`` is the median time in calendar days that those closed in the last 90 days took, None if none was.
    """

    element_id: str
    name: str
    waiting: int
    late: int
    age: float
    usual: float | None


async def heat(session: AsyncSession, actor: Actor, lights: Lights) -> list[Heat]:
    """Hottest first: late, then waiting. Over the open cases that the actor may see, whatever model they run."""
    row = TaskPosition
    rows = (
        await session.execute(
            select(
                row.element_id, func.max(row.name), func.count(), func.count().filter(row.due_at <= lights.now),
                func.percentile_disc(0.5).within_group(row.created_at),
            )
            .where(access.sees(actor, row), row.instance_id.startswith("complaint:"), row.status.in_(OPEN))
            .group_by(row.element_id)
        )
    ).all()  # fmt: skip
    usual = await _usual(session, lights, [row[0] for row in rows])
    found = [
        Heat(element, name, count, bad, (lights.now - begun).total_seconds() / _DAY_S, usual.get(element))
        for element, name, count, bad, begun in rows
    ]
    return sorted(found, key=lambda one: (-one.late, -one.waiting, one.element_id))


async def _usual(session: AsyncSession, lights: Lights, elements: list[str]) -> dict[str, float]:
    took = func.date_part("epoch", Task.closed_at - Task.created_at)
    rows = await session.execute(
        select(Task.element_id, func.percentile_cont(0.5).within_group(took))
        .where(Task.element_id.in_(elements), Task.status == "completed", Task.closed_at > lights.now - LOOKED_BACK)
        .group_by(Task.element_id)
    )
    return {element: middle / _DAY_S for element, middle in rows}
