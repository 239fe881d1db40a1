"""A cancelled task must not hand its half-used connection to the next one."""

import asyncio
import contextlib

from sqlalchemy import text

from jiannuo.compose import engine_for


async def test_connections_of_cancelled_tasks_are_not_used_again(postgres_dsn: str) -> None:
    engine = engine_for(postgres_dsn, pool=2)

    async def ask() -> None:
        async with engine.connect() as connection:
            for _ in range(20):
                await connection.execute(text("SELECT pg_sleep(0.002)"))

    for number in range(60):
        task = asyncio.create_task(ask())
        await asyncio.sleep(0.0007 * (number % 23))
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        async with engine.connect() as connection:
            assert await connection.scalar(text("SELECT 1")) == 1
    await engine.dispose()
