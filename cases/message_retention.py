"""Settled messages are kept for a while, for whoever asks what became of one; then they go.

The instances that they started and the steps that they caused stay: a throw that is recorded again after a restore
belongs to a step that the restored database does not have, and its row is new there.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from cases.tables.messages import Delivery, Published

BATCH = 500


async def sweep(session: AsyncSession, before: datetime, limit: int = BATCH) -> int:
    """Removes messages that were settled before that instant, the oldest first; how many. What is on its way stays,
    whatever its message says: a signal is settled while an execution may still owe its answer to it.
    """
    open_ = exists().where(Delivery.published_id == Published.id, Delivery.status == "open")
    late = exists().where(Delivery.published_id == Published.id, Delivery.settled_at >= before)
    ids = (
        await session.scalars(
            select(Published.id)
            .where(Published.settled_at < before, Published.status.not_in(("buffered", "sent")), ~open_, ~late)
            .order_by(Published.settled_at, Published.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
    ).all()
    if ids:
        await session.execute(delete(Delivery).where(Delivery.published_id.in_(ids)))
        await session.execute(delete(Published).where(Published.id.in_(ids)))
    return len(ids)
