"""What one execution holds, whatever it is about: its clocks, its incidents, what may be done beside its tasks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from cases import windows
from cases.access import Actor
from cases.offers import candidates_of, offered, root_variables
from cases.people.entitlement import Work, may
from cases.tables.clocks import Deadline, DeadlineChange
from cases.tables.complaints import Complaint
from cases.tables.engine import Incident, Instance
from cases.tables.worklist import Subscription


async def clocks_of(
    session: AsyncSession, instance_id: str
) -> tuple[list[Deadline], dict[int, list[DeadlineChange]]]:
    """Its deadlines, and by their keys how they changed."""
    rows = await session.scalars(
        select(Deadline).where(Deadline.instance_id == instance_id, Deadline.status != "none").order_by(Deadline.key)
    )
    changes: dict[int, list[DeadlineChange]] = {}
    for change in await session.scalars(
        select(DeadlineChange).where(DeadlineChange.instance_id == instance_id).order_by(DeadlineChange.revision)
    ):
        changes.setdefault(change.deadline_key, []).append(change)
    return list(rows), changes


async def incidents_of(session: AsyncSession, instance_id: str) -> list[Incident]:
    """Those that stand."""
    rows = await session.scalars(
        select(Incident)
        .where(Incident.instance_id == instance_id, Incident.resolved_at.is_(None))
        .order_by(Incident.key)
    )
    return list(rows)


async def open_acts(
    session: AsyncSession, actor: Actor, instance: Instance, complaint: Complaint, now: datetime,
    barred: Mapping[int, str] | None = None,
) -> tuple[list[Subscription], list[tuple[Subscription, str]]]:
    """What this actor may do now beside the tasks of a process instance, and what no longer, with the reason."""
    subscriptions = await session.scalars(
        select(Subscription)
        .where(Subscription.instance_id == instance.id, Subscription.open)
        .order_by(Subscription.key)
    )
    waiting = [row for row in subscriptions if row.acts]
    variables = root_variables(instance) if waiting else {}
    found: list[Subscription] = []
    lapsed: list[tuple[Subscription, str]] = []
    for row in waiting:
        work = Work(row.name, candidates_of(row, variables, now), row.acts)
        if await may(session, actor, complaint, work, barred) and offered(row.properties, variables, now):
            sentence = await windows.lapsed(session, instance, row, now)
            if sentence is None:
                found.append(row)
            else:
                lapsed.append((row, sentence))
    return found, lapsed
