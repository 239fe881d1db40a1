"""A worker and a database per module, on the servers that all tests share."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from temporalio.testing import WorkflowEnvironment

from tests.orders.orders_world import Orders, orders_on


@pytest_asyncio.fixture(scope="module")
async def orders(
    postgres_dsn: str, temporal_env: WorkflowEnvironment, request: pytest.FixtureRequest
) -> AsyncIterator[Orders]:
    async with orders_on(postgres_dsn, temporal_env, request.module.__name__.rpartition(".")[2]) as world:
        yield world
