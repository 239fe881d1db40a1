"""Who sees an order: its issuer's unit, its addressee, and who oversees the region of its lead case."""

from __future__ import annotations

from sqlalchemy import Select, false, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from cases.access import Actor
from cases.errors import NotFound
from cases.orders.states import ISSUERS
from cases.tables.complaints import Complaint
from cases.tables.orders import SupervisionOrder


def visible_orders(actor: Actor) -> Select[SupervisionOrder]:
    """The orders that this actor may see, joined to their lead case. Nothing else decides this."""
    joined = select(SupervisionOrder).join(Complaint, Complaint.id == SupervisionOrder.complaint_id)
    if actor.complaint_id is not None:
        return joined.where(false())
    units = sorted({duty.uscc for duty in actor.duties})
    watches = Complaint.region_code.in_(sorted(actor.regions)) if actor.regions else false()
    # A confidential case (1E.30) has no orders: they would tell the units that must not know of it.
    return joined.where(
        Complaint.confidential_of.is_(None),
        or_(SupervisionOrder.issuer_uscc.in_(units), SupervisionOrder.addressee_uscc.in_(units), watches),
    )


async def find_order(session: AsyncSession, actor: Actor, order_id: str) -> SupervisionOrder:
    order = await session.scalar(visible_orders(actor).where(SupervisionOrder.id == order_id))
    if order is None:
        raise NotFound("没有找到这个督办件，或者您无权查看。")
    return order


def may_issue(actor: Actor) -> bool:
    return bool(actor.roles & set(ISSUERS))
