"""Open cases move to newer rules of the engine, each at its next quiet moment: on demand, in a batch, at a set rate.

The state itself says which cases are through, so the batch may be stopped and begun again at any time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from activities.stores import Stores
from workflows import messages

_COUNTS = text("""
    SELECT coalesce((state::jsonb ->> 'semantics')::int, 1) AS number, count(*) AS cases
    FROM instance WHERE status IN ('starting', 'active') AND state IS NOT NULL GROUP BY 1 ORDER BY 1
""")
_BEHIND = text("""
    SELECT id FROM instance
    WHERE status IN ('starting', 'active') AND state IS NOT NULL
    AND coalesce((state::jsonb ->> 'semantics')::int, 1) < :number
    ORDER BY created_at, id
""")


async def counts(session: AsyncSession) -> dict[int, int]:
    """Open cases by the number of their rules."""
    return {row.number: row.cases for row in await session.execute(_COUNTS)}


async def behind(session: AsyncSession, number: int) -> list[str]:
    return list(await session.scalars(_BEHIND, {"number": number}))


async def upgrade(
    stores: Stores, client: Client, number: int, rate: float, tell: Callable[[int, int], None] = lambda done, all_: None
) -> int:
    """Asks each case below ``number`` to move; how many were asked. Asked twice changes nothing."""
    async with stores.sessions() as session:
        waiting = await behind(session, number)
    for done, instance_id in enumerate(waiting, 1):
        try:
            await client.get_workflow_handle(instance_id).signal(messages.SIGNAL_CONTINUE_AS_NEW, number)
        except RPCError as error:
            # It has ended meanwhile, or waits for reconcile, which begins it from its state.
            if error.status != RPCStatusCode.NOT_FOUND:
                raise
        tell(done, len(waiting))
        await asyncio.sleep(1 / rate)
    return len(waiting)
