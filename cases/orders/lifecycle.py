"""An order's row as its token moves: the read model of ``jiannuo:orderState``, recomputable from the step log."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bpmn.model import Graph
from cases.orders.states import AWAITING, CHECKING, DRAFTING, ENDED, RETURNED
from cases.tables.engine import LoggedStep
from cases.tables.orders import SupervisionOrder

ORDER_STATE = "jiannuo:orderState"


async def note_state(session: AsyncSession, instance_id: str, state: str, at: datetime) -> None:
    order = await session.scalar(select(SupervisionOrder).where(SupervisionOrder.instance_id == instance_id))
    if order is not None:
        enter(order, state, at)


def enter(order: SupervisionOrder, state: str, at: datetime) -> None:
    """The instants that a state stands for; a reply that was returned is no reply any more."""
    order.state, order.state_at = state, at
    if state == AWAITING and order.served_at is None:
        order.served_at = at
    if state == CHECKING:
        order.replied_at = at
    if state == RETURNED:
        order.replied_at = None
        order.returns += 1
    if state in ENDED:
        order.ended_at = at


async def recomputed(
    session: AsyncSession, order: SupervisionOrder, graph_of: Callable[[str], Awaitable[Graph]]
) -> SupervisionOrder:
    """The same row from nothing but the step log; not attached to the session."""
    fresh = SupervisionOrder(
        id=order.id, instance_id=order.instance_id, state=DRAFTING, state_at=order.opened_at, returns=0,
        served_at=None, replied_at=None, ended_at=None,
    )  # fmt: skip
    steps = await session.scalars(
        select(LoggedStep).where(LoggedStep.instance_id == order.instance_id).order_by(LoggedStep.number)
    )
    for step in steps:
        for kind, element_id, graph_hash, *_ in step.trace:
            node = (await graph_of(graph_hash)).nodes.get(element_id) if kind == "entered" else None
            named = node.properties.get(ORDER_STATE) if node is not None else None
            if named is not None:
                enter(fresh, named.text, step.at)
    return fresh
