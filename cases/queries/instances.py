"""Executions as an operator sees them: whose they are, what began them, and what those without a case wait for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from bpmn.elements.events import MessageDefinition, SignalDefinition, TimerDefinition
from bpmn.model import Graph
from cases.definitions import DefinitionStore
from cases.queries.pages import SIZE, Page, cursor, values_of
from cases.start_schedules import occasion
from cases.states import state_of
from cases.tables.complaints import Complaint
from cases.tables.engine import DefinitionVersion, Incident, Instance
from cases.tables.messages import Published, SignalCatch
from cases.tables.worklist import Subscription, Task

SHOWN = ("running", "stuck", "completed", "cancelled", "any")
STATUSES: dict[str, tuple[str, ...]] = {
    "running": ("starting", "active"), "completed": ("completed",), "cancelled": ("cancelled",),
}  # fmt: skip
HAND, TIMER, MESSAGE, SIGNAL = "hand", "timer", "message", "signal"


@dataclass(frozen=True)
class InstanceFilter:
    """``show`` is one of ``SHOWN``; ``whole``: those of cases too."""

    show: str = "running"
    process: str | None = None
    whole: bool = False
    after: str | None = None
    size: int = SIZE


@dataclass(frozen=True)
class Waiting:
    """``kind`` as ``bpmn.instance.wait`` has it. ``since`` is not known of jobs and timers; a timer has
    ``until``.
    """

    key: int
    kind: str
    element: str
    name: str
    since: datetime | None
    until: datetime | None = None


@dataclass(frozen=True)
class InstanceRow:
    """``begun_by``: message, signal, timer, hand, or case. ``waits`` is empty for what belongs to a case: where that
    stands is for those to see who see the case.
    """

    id: str
    process_id: str
    process: str
    key: str
    case_id: str | None
    case_no: str | None
    begun_at: datetime
    begun_by: str
    status: str
    last_step: int
    last_at: datetime | None
    incidents: int
    waits: tuple[Waiting, ...] = ()


async def instances(session: AsyncSession, store: DefinitionStore, wanted: InstanceFilter) -> Page[InstanceRow]:
    """The newest first."""
    order = (Instance.created_at, Instance.id)
    query = _rows().where(*_conditions(wanted))
    if wanted.after:
        query = query.where(tuple_(*order) < tuple_(*values_of(wanted.after, 2)))
    found = await session.execute(query.order_by(*(one.desc() for one in order)).limit(wanted.size + 1))
    rows = await shown(session, store, found.all()[: wanted.size + 1])
    last = rows[wanted.size - 1] if len(rows) > wanted.size else None
    return Page(rows[: wanted.size], cursor(last.begun_at, last.id) if last else None)


async def process_ids(session: AsyncSession, pack: str) -> list[str]:
    """What the filter offers: from what is deployed, which is little, where the executions are many."""
    ids = select(DefinitionVersion.definition_id).where(
        DefinitionVersion.pack == pack, DefinitionVersion.kind == "bpmn"
    )
    return sorted(await session.scalars(ids.distinct()))


def of_one(instance_id: str) -> Select[*tuple[Any, ...]]:
    return _rows().where(Instance.id == instance_id)


async def shown(session: AsyncSession, store: DefinitionStore, found: Sequence[Any]) -> list[InstanceRow]:
    """Rows of ``_rows``."""
    own = [row[0] for row in found if row[1] is None]
    since = await _since(session, [row.id for row in own])
    said = await _said(session, own)
    result = []
    for instance, case_id, case_no, incidents in found:
        graph = await store.graph(session, instance.graph_hash)
        process = graph.processes.get(instance.process_id)
        waits = await waits_of(session, store, instance, since) if case_id is None else ()
        result.append(
            InstanceRow(
                instance.id, instance.process_id, (process.name if process else "") or instance.process_id,
                instance.business_key, case_id, case_no, instance.created_at,
                "case" if case_id else begun_by(instance, graph, said), instance.status, instance.last_step,
                instance.last_step_at, incidents, tuple(waits),
            )
        )  # fmt: skip
    return result


async def waits_of(
    session: AsyncSession, store: DefinitionStore, instance: Instance, since: Mapping[tuple[str, int], datetime]
) -> list[Waiting]:
    """By key, so in the order in which they began."""
    state = state_of(instance.state) if instance.state else None
    if state is None or state.status != "running":
        return []
    found = []
    for key, wait in sorted(state.waits.items()):
        node = (await store.graph(session, state.scopes[wait.scope].graph)).node(wait.node)
        until = datetime.fromisoformat(wait.timer.at) if wait.timer is not None and wait.timer.at else None
        name = node.name if node is not None and node.name else wait.node
        found.append(Waiting(key, wait.kind, wait.node, name, since.get((instance.id, key)), until))
    return found


def begun_by(instance: Instance, graph: Graph, said: Mapping[str, str]) -> str:
    """A start event may have several definitions. Which one it was, the id tells, or the message while it is kept."""
    if instance.start_event is None:
        return HAND
    scheduled = occasion(instance.id, instance.business_key)
    if scheduled is not None:
        return scheduled
    if _said_id(instance) in said:
        return said[_said_id(instance)]
    node = graph.node(instance.start_event)
    kinds = [_KINDS[type(one)] for one in (node.events if node is not None else ()) if type(one) in _KINDS]
    known = [kind for kind in kinds if kind != TIMER] or kinds or [MESSAGE]
    return known[0]


_KINDS: Mapping[type, str] = {MessageDefinition: MESSAGE, SignalDefinition: SIGNAL, TimerDefinition: TIMER}


def _rows() -> Select[*tuple[Any, ...]]:
    open_ = (
        select(func.count())
        .where(Incident.instance_id == Instance.id, Incident.resolved_at.is_(None))
        .correlate(Instance)
        .scalar_subquery()
    )
    return select(Instance, Complaint.id, Complaint.case_no, open_).outerjoin(
        Complaint, Complaint.id == Instance.business_key
    )


def _caseless() -> ColumnElement[bool]:
    return ~exists().where(Complaint.id == Instance.business_key).correlate(Instance)


def _conditions(wanted: InstanceFilter) -> Iterable[ColumnElement[bool]]:
    if not wanted.whole:
        yield _caseless()
    if wanted.process:
        yield Instance.process_id == wanted.process.strip()
    if wanted.show == "stuck":
        yield exists().where(Incident.instance_id == Instance.id, Incident.resolved_at.is_(None)).correlate(Instance)
    elif wanted.show in STATUSES:
        yield Instance.status.in_(STATUSES[wanted.show])


async def _since(session: AsyncSession, ids: Sequence[str]) -> dict[tuple[str, int], datetime]:
    """When each task and catch opened, by instance and key."""
    found: dict[tuple[str, int], datetime] = {}
    tables: tuple[tuple[Any, Any, Any], ...] = (
        (Task, Task.created_at, Task.status == "open"),
        (Subscription, Subscription.opened_at, Subscription.open),
        (SignalCatch, SignalCatch.opened_at, SignalCatch.open),
    )
    for table, at, still in tables if ids else ():
        rows = await session.execute(select(table.instance_id, table.key, at).where(table.instance_id.in_(ids), still))
        found |= {(id_, key): opened for id_, key, opened in rows}
    return found


async def _said(session: AsyncSession, rows: Sequence[Instance]) -> dict[str, str]:
    """Kinds of the messages and signals that began them, by their ids."""
    ids = {_said_id(row) for row in rows if row.start_event is not None}
    found = await session.execute(select(Published.id, Published.kind).where(Published.id.in_(ids)))
    return {row.id: row.kind for row in found}


def _said_id(row: Instance) -> str:
    """See ``cases.correlation.started_id``."""
    return row.id.removeprefix(f"{row.process_id}:")
