"""The supervisor's board: what is late, stalled or about to be, by stage and unit. Every count opens its list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from cases import access
from cases.access import Actor
from cases.queries.ledger import OPEN, held_by, next_due, stalled
from cases.queries.light import NONE, Lights
from cases.tables.complaints import Complaint
from cases.tables.engine import Incident, Instance
from cases.tables.organisations import Organisation

LIGHTS = ("red", "yellow", "green", NONE)


@dataclass
class Counts:
    """Open cases by light under one heading."""

    code: str
    title: str
    by_light: dict[str, int] = field(default_factory=lambda: dict.fromkeys(LIGHTS, 0))

    @property
    def total(self) -> int:
        return sum(self.by_light.values())


@dataclass(frozen=True)
class Board:
    lights: Counts
    stages: Sequence[Counts]
    units: Sequence[Counts]
    stalled: int
    incidents: int


async def board(session: AsyncSession, actor: Actor, lights: Lights, stage_names: dict[str, str]) -> Board:
    due = next_due().subquery("next_due")
    verifying = Organisation.__table__.alias("holder")
    holder = held_by
    light = lights.column(due.c.due_at, due.c.start_at).label("light")
    open_cases = access.visible(actor).where(Complaint.status.in_(OPEN))
    rows = (
        await session.execute(
            open_cases.outerjoin(due, due.c.instance_id == func.concat("complaint:", Complaint.id))
            .outerjoin(verifying, verifying.c.uscc == holder)
            .with_only_columns(
                Complaint.stage, holder.label("holder"), verifying.c.name, light, func.count().label("n")
            )
            .group_by(Complaint.stage, holder, verifying.c.name, light)
        )
    ).all()
    whole, stages, units = Counts("", ""), _stages(stage_names), dict[str, Counts]()
    for stage, code, name, colour, count in rows:
        whole.by_light[colour] += count
        stages.setdefault(stage, Counts(stage, stage)).by_light[colour] += count
        units.setdefault(code or "", Counts(code or "", name or "—")).by_light[colour] += count
    standing = await session.scalar(
        select(func.count()).select_from(open_cases.where(stalled(lights)).with_only_columns(Complaint.id).subquery())
    )
    worst_first = sorted(units.values(), key=lambda row: (-row.by_light["red"], -row.total, row.code))
    return Board(
        whole, [s for s in stages.values() if s.total], worst_first, standing or 0, await _incidents(session, actor)
    )


def _stages(names: dict[str, str]) -> dict[str, Counts]:
    """In the order of the procedure, not of the counts."""
    return {code: Counts(code, title) for code, title in names.items()}


async def _incidents(session: AsyncSession, actor: Actor) -> int:
    seen = access.visible(actor).with_only_columns(Complaint.id).subquery()
    count = await session.scalar(
        select(func.count(func.distinct(Incident.instance_id)))
        .join(Instance, Instance.id == Incident.instance_id)
        .where(Incident.resolved_at.is_(None), Instance.business_key.in_(select(seen.c.id)))
    )
    return count or 0
