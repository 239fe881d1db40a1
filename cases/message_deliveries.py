"""Deliveries of messages and signals: which are under way, what each says, and how it came out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bpmn import codec
from bpmn.events import Event, MessageDelivered, SignalDelivered
from cases.tables.engine import Instance, LoggedStep
from cases.tables.messages import Delivery, Published

ENDED = ("completed", "cancelled")


@dataclass(frozen=True)
class UnderWay:
    """``actor``: who said it, ``process:`` with the instance that threw it or somebody outside; ``event`` as text of
    ``bpmn.codec``.
    """

    id: str
    instance_id: str
    event: str
    actor: str


async def under_way(session: AsyncSession, limit: int) -> list[UnderWay]:
    """In the order in which they were said, but what was tried in vain after what was not tried yet."""
    rows = await session.execute(
        select(Delivery, Published)
        .join(Published, Published.id == Delivery.published_id)
        .where(Delivery.status == "open")
        .order_by(
            Delivery.tried_at.nulls_first(), Published.thrown_at, Published.instance_id, Published.step,
            Published.ordinal, Delivery.id,
        )
        .limit(limit)
    )  # fmt: skip
    return [_under_way(row, said) for row, said in rows]


def _under_way(row: Delivery, said: Published) -> UnderWay:
    actor = said.sender or f"process:{said.instance_id}"
    return UnderWay(row.id, row.instance_id, codec.dump_event(_event(row, said)), actor)


async def of_message(session: AsyncSession, published_id: str) -> UnderWay | None:
    """The open delivery of a message, which has one at most."""
    found = await session.execute(
        select(Delivery, Published)
        .join(Published, Published.id == Delivery.published_id)
        .where(Delivery.published_id == published_id, Delivery.status == "open")
        .limit(1)
    )
    row = found.one_or_none()
    return _under_way(*row) if row is not None else None


def _event(row: Delivery, said: Published) -> Event:
    variables = codec.load_variables(said.variables)
    if said.kind == "signal":
        return SignalDelivered(row.key, variables)
    return MessageDelivered(row.key, said.id, variables)


async def tried(session: AsyncSession, delivery_id: str, now: datetime) -> None:
    await session.execute(
        update(Delivery).where(Delivery.id == delivery_id).values(tried_at=now, tries=Delivery.tries + 1)
    )


async def taken(session: AsyncSession, delivery_id: str, now: datetime) -> None:
    await _settle(session, delivery_id, "done", "delivered", now)


async def refused(session: AsyncSession, delivery_id: str, now: datetime) -> None:
    """The next catch, or the buffer. But one that was taken, and had its answer lost, is not said to somebody else."""
    row = await session.get_one(Delivery, delivery_id)
    step = await session.scalar(
        select(LoggedStep.number)
        .where(LoggedStep.instance_id == row.instance_id, LoggedStep.submission_id == delivery_id)
        .limit(1)
    )
    if step is not None:
        await taken(session, delivery_id, now)
    else:
        await _settle(session, delivery_id, "refused", "buffered", now)


async def gone(session: AsyncSession, delivery_id: str, now: datetime) -> None:
    """An execution that the log has as running is brought back by reconcile, or ends any moment: ask again."""
    row = await session.get_one(Delivery, delivery_id)
    if (await session.get_one(Instance, row.instance_id)).status in ENDED:
        await refused(session, delivery_id, now)
    else:
        await tried(session, delivery_id, now)


async def _settle(session: AsyncSession, delivery_id: str, status: str, message_is: str, now: datetime) -> None:
    said = await session.scalar(
        update(Delivery)
        .where(Delivery.id == delivery_id, Delivery.status == "open")
        .values(status=status, settled_at=now)
        .returning(Delivery.published_id)
    )
    if said is not None:
        await session.execute(
            update(Published)
            .where(Published.id == said, Published.kind == "message", Published.status == "sent")
            .values(status=message_is, settled_at=None if message_is == "buffered" else now)
        )
