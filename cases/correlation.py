"""Who gets a published message: an open catch of its name and key, else the processes that it starts.

A catch that opens and a message that is thrown cannot miss each other: both are rows before anybody is told, and every
round looks at whatever is buffered against whatever is open.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, literal, or_, select, text, true, update
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute, aliased

from bpmn.model import Graph
from bpmn.starts import Start, started_by_message, started_by_signal
from cases.definitions import DefinitionStore
from cases.projection.said import digest
from cases.tables.engine import DefinitionVersion, Instance
from cases.tables.ledger import Outbox
from cases.tables.messages import Delivery, Published
from cases.tables.worklist import Subscription

# Any constant: matchers take turns, so that no message is promised to two catches, nor two messages to one at once.
_TURN = text("SELECT pg_advisory_xact_lock(7140005)")
BATCH = 100
RUNNING = ("starting", "active")
_STARTS = {"message": started_by_message, "signal": started_by_signal}
_BUFFERED = Published.status == "buffered"
_OLDEST = (Published.thrown_at, Published.instance_id, Published.step, Published.ordinal)


@dataclass(frozen=True)
class Slot:
    """Messages of one name and key, or signals of one name (their key is empty), within a pack."""

    pack: str
    kind: str
    name: str
    key: str

    def holds(self) -> ColumnElement[bool]:
        return and_(
            Published.pack == self.pack, Published.kind == self.kind, Published.name == self.name,
            Published.correlation_key == self.key,
        )  # fmt: skip


async def take_turn(session: AsyncSession) -> None:
    """Nobody matches until the transaction ends."""
    await session.execute(_TURN)


def may_take(*, any_key: bool = False) -> ColumnElement[bool]:
    """An act of a person is none: who may do it, and with what form, is for a submission to say."""
    other = aliased(Instance)
    return and_(
        Subscription.open,
        func.cardinality(Subscription.acts) == 0,
        Subscription.message_name == Published.name,
        true() if any_key else Subscription.correlation_key == Published.correlation_key,
        exists().where(
            other.id == Subscription.instance_id, other.pack == Published.pack, other.status.in_(RUNNING)
        ).correlate(Subscription, Published),
        ~exists().where(
            Delivery.published_id == Published.id, Delivery.instance_id == Subscription.instance_id,
            Delivery.key == Subscription.key,
        ).correlate(Subscription, Published),
    )  # fmt: skip


async def correlate(session: AsyncSession, store: DefinitionStore, now: datetime, only: Slot | None = None) -> bool:
    """One round in the caller's transaction; True when it found anything. What could be matched does not expire: a
    worker that was away for days takes nothing from what waited all the while.
    """
    await take_turn(session)
    within = only.holds() if only is not None else true()
    matched = await _match(session, within, now)
    started = await _start(session, store, within, now)
    await session.execute(
        update(Published).where(_BUFFERED, Published.kind == "message", Published.expires_at < now, within)
        .values(status="expired", settled_at=now)
    )  # fmt: skip
    return matched or started


def promise(session: AsyncSession, said: Published, instance_id: str, key: int, now: datetime) -> None:
    """From now on the message is on its way to this catch and to nobody else."""
    said.status = "sent"
    id_ = digest(said.id, instance_id, key)
    row = Delivery(
        id=id_, published_id=said.id, instance_id=instance_id, key=key, status="open", created_at=now, tries=0
    )
    session.add(row)


def under_way() -> ColumnElement[bool]:
    """Something is on its way to the catch."""
    return exists().where(
        Delivery.instance_id == Subscription.instance_id, Delivery.key == Subscription.key, Delivery.status == "open"
    )


async def _match(session: AsyncSession, within: ColumnElement[bool], now: datetime) -> bool:
    """The oldest message to the oldest catch. A catch gets one at a time, so that messages keep their order."""
    pairs = await session.execute(
        select(Published, Subscription.instance_id, Subscription.key)
        .join(Subscription, may_take())
        .where(_BUFFERED, Published.kind == "message", within, ~under_way())
        .order_by(*_OLDEST, Subscription.opened_at, Subscription.instance_id, Subscription.key)
        .limit(BATCH)
    )
    taken: set[str | tuple[str, int]] = set()
    for said, instance_id, key in pairs:
        if said.id in taken or (instance_id, key) in taken:
            continue
        taken |= {said.id, (instance_id, key)}
        promise(session, said, instance_id, key, now)
    await session.flush()
    return bool(taken)


async def _start(
    session: AsyncSession, store: DefinitionStore, within: ColumnElement[bool], now: datetime
) -> bool:
    """Only what no catch waits for; of one key no process is begun by a message while another of that key runs."""
    waited_for = exists().where(may_take()).correlate(Published)
    named = select(Published.pack, Published.kind, Published.name).where(_BUFFERED, within).distinct()
    started = False
    for pack, kind, name in (await session.execute(named)).all():
        ready: ColumnElement[bool] = true()
        starts = [found async for found in _newest(session, store, pack, kind, name)]
        if not starts and kind == "message":
            continue
        if kind == "message":
            ready = or_(*(~_rival(start, Published.correlation_key) for _, start in starts))
        rows = await session.scalars(
            select(Published)
            .where(
                _BUFFERED, within, Published.pack == pack, Published.kind == kind, Published.name == name,
                ~waited_for, ready,
            )
            .order_by(*_OLDEST)
            .limit(BATCH)
        )  # fmt: skip
        for said in rows.all():
            begun = [await _begin(session, said, graph, start, now) for graph, start in starts]
            if any(begun) or kind == "signal":
                said.status, said.settled_at = "started" if any(begun) else "delivered", now
                started = True
            await session.flush()
    return started


def started_id(process_id: str, said: str) -> str:
    return f"{process_id}:{said}"


def _rival(start: Start, key: ColumnElement[str] | InstrumentedAttribute[str]) -> ColumnElement[bool]:
    return exists().where(
        Instance.business_key == key, Instance.process_id == start.process_id, Instance.status.in_(RUNNING)
    )


async def _newest(
    session: AsyncSession, store: DefinitionStore, pack: str, kind: str, name: str
) -> AsyncIterator[tuple[Graph, Start]]:
    rows = await session.execute(
        select(DefinitionVersion.definition_id, DefinitionVersion.hash)
        .where(DefinitionVersion.pack == pack, DefinitionVersion.kind == "bpmn")
        .ext(distinct_on(DefinitionVersion.definition_id))
        .order_by(DefinitionVersion.definition_id, DefinitionVersion.version.desc())
    )
    for process_id, hash_ in rows.all():
        graph = await store.graph(session, hash_)
        for start in _STARTS[kind](graph, name):
            if start.process_id == process_id:
                yield graph, start


async def _begin(session: AsyncSession, said: Published, graph: Graph, start: Start, now: datetime) -> bool:
    """As intake does: the row and the promise of its start in one transaction. The same throw is the same instance."""
    instance_id, key = started_id(start.process_id, said.id), said.correlation_key or said.id
    if await session.get(Instance, instance_id) is not None:
        return True
    if said.kind == "message" and await session.scalar(select(_rival(start, literal(key)))):
        return False
    thrower = await session.get(Instance, said.instance_id) if said.instance_id else None
    session.add(
        Instance(
            id=instance_id, process_id=start.process_id, graph_hash=graph.hash, pack=said.pack, business_key=key,
            channel=thrower.channel if thrower else None, variables=said.variables, start_event=start.start_event,
            start_definition=start.definition, clock_offset_s=thrower.clock_offset_s if thrower else 0.0,
            created_at=now,
        )
    )  # fmt: skip
    session.add(Outbox(kind="start", ref=instance_id, payload={}, created_at=now))
    await session.flush()
    return True
