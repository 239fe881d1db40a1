"""The fixtures that every other test relies on."""

import asyncio
import time
from datetime import timedelta

import psycopg
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from tests.embedded.workflows_under_test import Waiting

QUEUE = "shared-servers"


def test_a_module_has_a_migrated_database_of_its_own(postgres_dsn: str) -> None:
    with psycopg.connect(postgres_dsn) as connection:
        row = connection.execute("SELECT current_database(), to_regclass('alembic_version')").fetchone()
    assert row is not None
    assert row[0].startswith("test_")
    assert row[1] == "alembic_version"


async def test_two_hundred_days_pass_in_moments(temporal_env: WorkflowEnvironment) -> None:
    began = time.monotonic()
    async with Worker(temporal_env.client, task_queue=QUEUE, workflows=[Waiting]):
        days = await temporal_env.client.execute_workflow(Waiting.run, 200, id="skips-by-itself", task_queue=QUEUE)
    assert days >= 200
    assert time.monotonic() - began < 10


async def test_a_plain_execution_moves_only_when_told(
    temporal_env: WorkflowEnvironment, temporal_plain: Client
) -> None:
    async with Worker(temporal_plain, task_queue=QUEUE, workflows=[Waiting]):
        handle = await temporal_plain.start_workflow(Waiting.run, 5, id="skips-when-told", task_queue=QUEUE)
        skipping = temporal_env.client.get_workflow_handle("skips-when-told")
        await temporal_env.fast_forward(skipping, timedelta(days=4))
        before_its_time = await temporal_env.get_current_time(skipping)
        await temporal_env.fast_forward(skipping, timedelta(days=2))
        async with asyncio.timeout(20):
            assert await handle.result() >= 5
        assert before_its_time > (await handle.describe()).start_time + timedelta(days=3.9)
