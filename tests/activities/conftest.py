"""A migrated database of this module's own, with the units of one fictional league."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest_asyncio

from activities.stores import Stores
from cases.tables.engine import DefinitionFile
from jiannuo.compose import engine_for, make_stores
from tests.activities import case_builders as build
from tests.activities.mail_sink import account, sink

__all__ = ["account", "sink", "stores"]


@pytest_asyncio.fixture(scope="module")
async def stores(postgres_dsn: str) -> AsyncIterator[Stores]:
    engine = engine_for(postgres_dsn)
    made = make_stores(engine, b"v" * 32)
    async with made.transaction() as session:
        await build.directory(session)
        session.add(
            DefinitionFile(hash="test", kind="bpmn", name="t", source=b"", deployed_at=datetime(2026, 1, 1, tzinfo=UTC))
        )
    yield made
    await engine.dispose()
