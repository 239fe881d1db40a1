"""Stores on a database of the module's own, with a region in it, and a receiver a test."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from activities.stores import Stores
from jiannuo.compose import engine_for, make_stores
from tests.sharing.sharing_world import ReceiverProcess, running_receiver, settle_region


@pytest_asyncio.fixture(scope="module")
async def stores(postgres_dsn: str) -> AsyncIterator[Stores]:
    engine = engine_for(postgres_dsn, pool=5)
    made = make_stores(engine, b"v" * 32)
    async with made.sessions.begin() as session:
        await settle_region(session)
    yield made
    await engine.dispose()


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[ReceiverProcess]:
    with running_receiver(tmp_path) as process:
        yield process
