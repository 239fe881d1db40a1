"""One worker per module; the stores are emptied for every test."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from temporalio.testing import WorkflowEnvironment

from jiannuo.calendar_job import CalendarJob
from jiannuo.rehearsal.axis import Axis
from tests.calendar.calendar_world import World
from tests.shell.shell import Shell, shell_on


@pytest_asyncio.fixture(scope="module")
async def shell(
    postgres_dsn: str, temporal_env: WorkflowEnvironment, request: pytest.FixtureRequest
) -> AsyncIterator[Shell]:
    queue = f"calendar-{request.module.__name__.rpartition('.')[2]}"
    target = temporal_env.client.service_client.config.target_host
    async with shell_on(postgres_dsn, target, queue, temporal_env) as shell, shell.worker():
        yield shell


@pytest_asyncio.fixture
async def world(shell: Shell, temporal_env: WorkflowEnvironment) -> World:
    world = World(shell, CalendarJob(shell.stores, shell.client), Axis(temporal_env, shell.client))
    await world.settle()
    return world
