"""What the database has promised and somebody outside has yet to be told of."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from cases.tables.ledger import Outbox


async def promised(session: AsyncSession, kind: str, limit: int) -> Sequence[Outbox]:
    """The oldest open rows, locked until the transaction ends, so that two tellers never take the same one."""
    return (
        await session.scalars(
            select(Outbox)
            .where(Outbox.done_at.is_(None), Outbox.kind == kind)
            .order_by(Outbox.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
    ).all()
