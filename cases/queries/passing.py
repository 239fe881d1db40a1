"""踢皮球: how often each unit sent a lead back or asked for more time in the last year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from cases import access
from cases.access import Actor
from cases.act_positions import COUNTED
from cases.queries.light import Lights
from cases.queries.units import names_of
from cases.tables.complaints import Complaint
from cases.tables.positions import ActPosition

LOOKED_BACK = timedelta(days=365)
ACTS = COUNTED


@dataclass
class Passing:
    """``acts``: how many of each were carried out; an act that was refused does not count."""

    uscc: str
    name: str
    acts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(ACTS, 0))


async def passing(session: AsyncSession, actor: Actor, lights: Lights) -> Sequence[Passing]:
    """Most returns first, then most extensions."""
    rows = (
        await session.execute(
            select(ActPosition.unit, ActPosition.act, func.count())
            .where(_counted(lights), access.sees(actor, ActPosition))
            .group_by(ActPosition.unit, ActPosition.act)
        )
    ).all()
    names: Mapping[str, str] = await names_of(session, {unit for unit, _, _ in rows})
    found: dict[str, Passing] = {}
    for uscc, act, count in rows:
        found.setdefault(uscc, Passing(uscc, names.get(uscc, uscc))).acts[act] = count
    return sorted(found.values(), key=lambda one: (*(-one.acts[act] for act in ACTS), one.uscc))


def acted(lights: Lights, act: str, unit: str) -> ColumnElement[bool]:
    """Of a query over complaints: those that a number of ``passing`` counts."""
    counted = select(ActPosition.id).where(_counted(lights), ActPosition.act == act, ActPosition.unit == unit)
    return Complaint.id.in_(counted)


def _counted(lights: Lights) -> ColumnElement[bool]:
    return ActPosition.occurred_at > lights.now - LOOKED_BACK
