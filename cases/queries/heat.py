"""Where cases wait and where they are late, by element of the model: for whoever looks for the bottleneck."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import accumulate

from sqlalchemy import ColumnElement, func, select
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
    """One user task. ``waiting`` tasks of open cases, ``late`` of them; ``age``: their median in whole days.

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
    # Counted by days: sorting every task for its median would take longer than all else.
    age = func.date_part("day", lights.now - row.created_at).label("age")
    rows = await session.execute(
        select(row.element_id, age, func.any_value(row.name), func.count(), func.count().filter(_late(lights)))
        .where(access.sees(actor, row), row.instance_id.startswith("complaint:"), row.status.in_(OPEN))
        .group_by(row.element_id, age)
    )
    names: dict[str, str] = {}
    ages: dict[str, list[tuple[float, int]]] = {}
    late: Counter[str] = Counter()
    for element, days, name, count, bad in rows:
        names[element] = name
        ages.setdefault(element, []).append((days, count))
        late[element] += bad
    usual = await _usual(session, lights, sorted(names))
    found = [
        Heat(
            element, name, sum(count for _, count in ages[element]), late[element], _median(ages[element]),
            usual.get(element),
        )
        for element, name in names.items()
    ]  # fmt: skip
    return sorted(found, key=lambda one: (-one.late, -one.waiting, one.element_id))


def _late(lights: Lights) -> ColumnElement[bool]:
    return TaskPosition.due_at <= lights.now


def _median(ages: Sequence[tuple[float, int]]) -> float:
    """Of ages with how many are so old."""
    half = sum(count for _, count in ages) / 2
    rising = sorted(ages)
    passed = accumulate(count for _, count in rising)
    return next(age for (age, _), so_far in zip(rising, passed, strict=True) if so_far >= half)


async def _usual(session: AsyncSession, lights: Lights, elements: list[str]) -> dict[str, float]:
    took = func.date_part("epoch", Task.closed_at - Task.created_at)
    rows = await session.execute(
        select(Task.element_id, func.percentile_cont(0.5).within_group(took))
        .where(Task.element_id.in_(elements), Task.status == "completed", Task.closed_at > lights.now - LOOKED_BACK)
        .group_by(Task.element_id)
    )
    return {element: middle / _DAY_S for element, middle in rows}
