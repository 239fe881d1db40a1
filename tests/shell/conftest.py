"""One worker per module, on a database of the module's own and a task queue of its own."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from temporalio.testing import WorkflowEnvironment

from tests.shell.shell import Shell, shell_on


@pytest_asyncio.fixture(scope="module")
async def bare_shell(
    postgres_dsn: str, temporal_env: WorkflowEnvironment, request: pytest.FixtureRequest
) -> AsyncIterator[Shell]:
    """Without a worker: the test runs its own, when it wants."""
    queue = request.module.__name__.rpartition(".")[2]
    target = temporal_env.client.service_client.config.target_host
    async with shell_on(postgres_dsn, target, queue, temporal_env) as shell:
        yield shell


@pytest_asyncio.fixture(scope="module")
async def shell(bare_shell: Shell) -> AsyncIterator[Shell]:
    async with bare_shell.worker():
        yield bare_shell
