"""Stores on a database of the module's own, and the environment that points the command line at it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from temporalio.testing import WorkflowEnvironment

from activities.stores import Stores
from jiannuo.compose import engine_for, make_stores
from tests.definitions.migration_world import World
from tests.shell.shell import Shell, shell_on


@pytest_asyncio.fixture(scope="module")
async def stores(postgres_dsn: str) -> AsyncIterator[Stores]:
    engine = engine_for(postgres_dsn)
    yield make_stores(engine, b"v" * 32)
    await engine.dispose()


@pytest.fixture
def command_line(postgres_dsn: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIANNUO_POSTGRES_DSN", postgres_dsn)
    # Deployment asks PostgreSQL alone; the command line wants both servers named.
    monkeypatch.setenv("JIANNUO_TEMPORAL_ADDRESS", "127.0.0.1:1")
    monkeypatch.setenv("JIANNUO_DATA_DIR", str(tmp_path / "data"))


@pytest_asyncio.fixture(scope="module")
async def shell(
    postgres_dsn: str, temporal_env: WorkflowEnvironment, request: pytest.FixtureRequest
) -> AsyncIterator[Shell]:
    queue = f"definitions-{request.module.__name__.rpartition('.')[2]}"
    target = temporal_env.client.service_client.config.target_host
    async with shell_on(postgres_dsn, target, queue, temporal_env) as shell, shell.worker():
        yield shell


@pytest.fixture
def world(shell: Shell, tmp_path: Path, request: pytest.FixtureRequest) -> World:
    return World(shell, request.node.name.removeprefix("test_")[:40], tmp_path)
