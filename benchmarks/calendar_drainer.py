"""A process that only moves deadlines, to be killed: `python -m benchmarks.calendar_drainer`, DSN in stdin."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime

from activities.notify_wording import written
from benchmarks.servers import KEY
from cases.calendar_changes.drain import drain
from jiannuo.compose import engine_for, make_stores


async def main(dsn: str) -> None:
    engine = engine_for(dsn)
    stores = make_stores(engine, KEY)
    print("ready", flush=True)
    seen = 1
    while seen:
        async with stores.sessions.begin() as session:
            seen = (await drain(session, stores.vault, written, datetime.now(UTC))).seen
    await engine.dispose()


if __name__ == "__main__":
    asyncio.run(main(sys.stdin.readline().strip()))
