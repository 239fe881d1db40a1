"""踢皮球: how often each unit sent a lead back or asked for more time in the last year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from cases import access
from cases.access import Actor
from cases.queries.light import Lights
from cases.queries.units import names_of
from cases.tables.complaints import Complaint
from cases.tables.worklist import Submission

LOOKED_BACK = timedelta(days=365)
ACTS = ("return_referral", "request_extension")


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
            select(Submission.unit, Submission.act, func.count())
            .where(_counted(lights), Submission.act.in_(ACTS), Submission.unit.is_not(None))
            .where(_case_id().in_(access.visible(actor).with_only_columns(Complaint.id)))
            .group_by(Submission.unit, Submission.act)
        )
    ).all()
    names: Mapping[str, str] = await names_of(session, {unit for unit, _, _ in rows if unit})
    found: dict[str, Passing] = {}
    for unit, act, count in rows:
        uscc = unit or ""
        found.setdefault(uscc, Passing(uscc, names.get(uscc, uscc))).acts[act] = count
    return sorted(found.values(), key=lambda one: (*(-one.acts[act] for act in ACTS), one.uscc))


def acted(lights: Lights, act: str, unit: str) -> ColumnElement[bool]:
    """Of a query over complaints: those that a number of ``passing`` counts."""
    return Complaint.id.in_(select(_case_id()).where(_counted(lights), Submission.act == act, Submission.unit == unit))


def _counted(lights: Lights) -> ColumnElement[bool]:
    return (Submission.status == "done") & (Submission.occurred_at > lights.now - LOOKED_BACK)


def _case_id() -> ColumnElement[str]:
    return func.substr(Submission.instance_id, len("complaint:") + 1)
