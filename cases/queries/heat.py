"""Where cases wait and where they are late, by element of the model: for whoever looks for the bottleneck."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Float, and_, cast, extract, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from cases import access
from cases.access import Actor
from cases.queries.light import Lights
from cases.tables.clocks import Deadline
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
    seen = access.visible_positions(actor).subquery()
    late = Deadline.due_at <= lights.now
    age = extract("epoch", lights.now - Task.created_at) / _DAY_S
    rows = (
        await session.execute(
            select(
                Task.element_id, func.max(Task.name), func.count(), func.count().filter(late),
                func.percentile_cont(0.5).within_group(cast(age, Float)),
            )
            .join(seen, Task.instance_id == func.concat("complaint:", seen.c.complaint_id))
            .outerjoin(Deadline, and_(Deadline.instance_id == Task.instance_id, Deadline.key == Task.deadline_key))
            .where(Task.status == "open")
            .group_by(Task.element_id)
        )
    ).all()  # fmt: skip
    usual = await _usual(session, lights, [row[0] for row in rows])
    found = [
        Heat(element, name, count, bad, float(middle), usual.get(element)) for element, name, count, bad, middle in rows
    ]
    return sorted(found, key=lambda one: (-one.late, -one.waiting, one.element_id))


async def _usual(session: AsyncSession, lights: Lights, elements: list[str]) -> dict[str, float]:
    took = extract("epoch", Task.closed_at - Task.created_at) / _DAY_S
    rows = await session.execute(
        select(Task.element_id, func.percentile_cont(0.5).within_group(cast(took, Float)))
        .where(Task.element_id.in_(elements), Task.status == "completed", Task.closed_at > lights.now - LOOKED_BACK)
        .group_by(Task.element_id)
    )
    return {element: float(middle) for element, middle in rows}
