"""Timer start events of deployed processes: when each begins something next, and the instances that they begin.

Only the newest version of a process begins anything. A start that falls due is an instance row and the promise of its
execution in the transaction that moves the schedule on; an open row lock is what two jobs, an operator and a
deployment take turns by.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bpmn.errors import Failure
from bpmn.instance.wait import TimerPlan
from bpmn.model import Graph
from bpmn.timer_starts import TimerStart, after, first, timer_starts
from cases.errors import Conflict
from cases.projection.said import digest
from cases.tables.engine import DefinitionVersion, Instance
from cases.tables.ledger import Outbox
from cases.tables.start_schedules import StartSchedule

ACTIVE, PAUSED, ENDED, REPLACED = "active", "paused", "ended", "replaced"
LIVE = (ACTIVE, PAUSED)
_OCCASION = re.compile(r"-(hand-)?[0-9]{8}T[0-9]{6}(\.[0-9]{6})?Z$")


async def schedule(session: AsyncSession, version: DefinitionVersion, graph: Graph, now: datetime) -> None:
    """At the deployment of ``version``, the newest of its process. Deployed again it keeps the schedules that it has.

    A start event that was paused stays so: what somebody has stopped is not begun by a deployment.
    """
    ours = (StartSchedule.pack == version.pack, StartSchedule.process_id == version.definition_id)
    older = (
        await session.scalars(select(StartSchedule).where(*ours, StartSchedule.status != REPLACED).with_for_update())
    ).all()
    if any(row.version == version.version for row in older):
        return
    stopped = {row.start_event for row in older if row.status == PAUSED}
    for row in older:
        row.status, row.next_at = REPLACED, None
    for timed in timer_starts(graph, version.definition_id):
        session.add(_row(version, graph, timed, _planned(graph, timed, now), timed.start.start_event in stopped))
    await session.flush()


def _planned(graph: Graph, timed: TimerStart, now: datetime) -> TimerPlan:
    try:
        return first(timed, now)
    except Failure as failure:
        node = graph.nodes[timed.start.start_event]
        raise Conflict(
            f"{graph.name}（第{node.line}行）：定时启动“{node.name or node.id}”算不出时点，没有部署：{failure}"
        ) from failure


def _row(version: DefinitionVersion, graph: Graph, timed: TimerStart, plan: TimerPlan, stopped: bool) -> StartSchedule:
    start = timed.start
    row = StartSchedule(
        id=digest(version.pack, version.definition_id, version.version, graph.hash, start.start_event, timed.index),
        pack=version.pack, process_id=version.definition_id, version=version.version, graph_hash=graph.hash,
        start_event=start.start_event, definition=start.definition, ordinal=timed.index,
        written=timed.timer.value.text, zone=timed.zone, plan=_kept(plan), status=PAUSED if stopped else ACTIVE,
        begun=0,
    )  # fmt: skip
    move(row, plan if plan.at else None)
    return row


def move(row: StartSchedule, plan: TimerPlan | None) -> None:
    """To its next instant; None: that was the last."""
    if plan is None:
        row.next_at, row.status = None, ENDED
    else:
        row.plan, row.next_at = _kept(plan), datetime.fromisoformat(plan.at)


def following(row: StartSchedule, now: datetime) -> TimerPlan | None:
    return after(TimerPlan(**row.plan), now, ZoneInfo(row.zone))


def _kept(plan: TimerPlan) -> dict[str, Any]:
    """What a start has of a timer's plan; the rest is of deadlines."""
    return {name: getattr(plan, name) for name in ("at", "left", "interval", "anchor", "count", "cron")}


async def start_due(session: AsyncSession, now: datetime, limit: int) -> int:
    """Begins what is due, each schedule once however long it waited; how many. What another job holds is left to it."""
    due = await session.scalars(
        select(StartSchedule)
        .where(StartSchedule.status == ACTIVE, StartSchedule.next_at <= now)
        .order_by(StartSchedule.next_at, StartSchedule.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = due.all()
    for row in rows:
        await begin(session, row, _stamp(TimerPlan(**row.plan).at), now)
        move(row, following(row, now))
    return len(rows)


async def begin_by_hand(session: AsyncSession, row: StartSchedule, now: datetime) -> str:
    """One more, beside the plan; ``row`` is locked."""
    return await begin(session, row, f"hand-{_stamp(now.isoformat())}", now)


def _stamp(instant: str) -> str:
    at = datetime.fromisoformat(instant).astimezone(UTC)
    return f"{at:%Y%m%dT%H%M%S}{f'.{at.microsecond:06}' if at.microsecond else ''}Z"


async def begin(session: AsyncSession, row: StartSchedule, occasion: str, now: datetime) -> str:
    """As intake does: the instance row and the promise of its execution. ``row`` is locked.

    An instant of the plan makes the id, not a count: a database restored from a backup begins the same instance
    again for the same instant, and never gives the id of one that it forgot to another.
    """
    key = f"{row.id}-{occasion}"
    instance_id = f"{row.process_id}:{key}"
    if await session.get(Instance, instance_id) is None:
        session.add(
            Instance(
                id=instance_id, process_id=row.process_id, graph_hash=row.graph_hash, pack=row.pack, business_key=key,
                channel=None, variables="{}", start_event=row.start_event, start_definition=row.definition,
                created_at=now,
            )
        )  # fmt: skip
        session.add(Outbox(kind="start", ref=instance_id, payload={}, created_at=now))
    row.begun, row.last_at, row.last_instance_id = row.begun + 1, now, instance_id
    return instance_id


def occasion(instance_id: str, key: str) -> str | None:
    """timer or hand, of an instance that ``begin`` made; None of others."""
    found = _OCCASION.search(key) if instance_id.endswith(f":{key}") else None
    return None if found is None else "hand" if found[1] else "timer"
