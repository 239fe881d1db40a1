"""Evidence to a reply: kept with the lead case, readable by both sides of the order."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from cases import audit, documents
from cases.access import Actor
from cases.errors import Conflict, Forbidden, Invalid
from cases.orders.access import find_order
from cases.orders.states import UNANSWERED
from cases.tables.complaints import Document
from cases.tables.orders import OrderPaper

PURPOSE = "order_reply"


async def add_paper(
    session: AsyncSession, actor: Actor, order_id: str, name: str, content: bytes, now: datetime
) -> Document:
    """Raises NotFound, Forbidden (not the addressee), Conflict (not waiting for a reply), Invalid (the file)."""
    order = await find_order(session, actor, order_id)
    if order.addressee_uscc not in {duty.uscc for duty in actor.duties}:
        raise Forbidden("答复材料由被督办单位提交。")
    if order.state not in UNANSWERED:
        raise Conflict("督办件现在不在等待答复，不能再添加答复材料。")
    wrong = documents.problem(name, content)
    if wrong:
        raise Invalid({"file": wrong})
    author = f"unit:{order.addressee_uscc}"
    row = documents.store(session, order.complaint_id, PURPOSE, name, content, author, now)
    await session.flush()
    session.add(OrderPaper(order_id=order.id, document_id=row.id))
    await audit.append(
        session, at=now, recorded_at=now, actor=author, act="add_document", complaint_id=order.complaint_id,
        facts={"document": row.id, "sha256": row.sha256, "order": order.number},
    )  # fmt: skip
    return row
