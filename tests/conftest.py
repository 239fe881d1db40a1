"""The servers that tests share: one real PostgreSQL and one real Temporal per pytest process, started when asked for.

All async tests and fixtures share one event loop (pyproject.toml), so a client made once serves the whole session. Ids
that a test gives to workflows must be its own: the Temporal namespace is shared by the modules, the databases are not.
"""

import asyncio
import atexit
import itertools
import shutil
import signal
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
import pytest_asyncio
from psycopg import sql
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from jiannuo.embedded.binaries import temporal_binary
from jiannuo.embedded.child import guard
from jiannuo.embedded.postgres import PostgresServer, start_postgres
from jiannuo.embedded.temporal_namespace import NAMESPACE, prepare_namespace
from jiannuo.migrate import upgrade
from tests.processes import by_name

# A tokio thread of the Temporal SDK races with interpreter shutdown: a process whose work is done aborts (status 134).
atexit.register(time.sleep, 0.05)

TEMPLATE = "migrated"
TEMPORAL_ARGUMENTS = [
    "--dynamic-config-value",
    "frontend.WorkflowTimeSkippingEnabled=true",
    # Without it every skipped timer costs about a second of real time.
    "--dynamic-config-value",
    'history.timerProcessorMaxTimeShift="5ms"',
    "--sqlite-pragma",
    "journal_mode=wal",
    "--sqlite-pragma",
    "synchronous=1",
]
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def server_folder() -> Iterator[Path]:
    """Not pytest's tmp_path: as root that one is closed to the user that PostgreSQL runs as."""
    folder = Path(tempfile.mkdtemp(prefix="jiannuo-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postgres_server(server_folder: Path) -> Iterator[PostgresServer]:
    server = asyncio.run(
        start_postgres(server_folder / "postgres", durable=False, options={"max_connections": "200"})
    )
    yield server
    asyncio.run(server.stop())


@pytest.fixture(scope="session")
def migrated_template(postgres_server: PostgresServer) -> str:
    """The name of a database at the newest revision; copying it is some ten times faster than migrating again."""
    _execute(postgres_server, sql.SQL("CREATE DATABASE {}").format(sql.Identifier(TEMPLATE)))
    upgrade(postgres_server.dsn_of(TEMPLATE))
    return TEMPLATE


@pytest.fixture(scope="module")
def postgres_dsn(postgres_server: PostgresServer, migrated_template: str) -> Iterator[str]:
    """A migrated database of this module's own, as `postgresql://…`."""
    name = f"test_{next(_numbers)}"
    create = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
    _execute(postgres_server, create.format(sql.Identifier(name), sql.Identifier(migrated_template)))
    yield postgres_server.dsn_of(name)
    _execute(postgres_server, sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _execute(server: PostgresServer, statement: sql.Composed) -> None:
    with psycopg.connect(server.dsn, autocommit=True) as connection:
        connection.execute(statement)


@pytest_asyncio.fixture(scope="session")
async def temporal_env() -> AsyncIterator[WorkflowEnvironment]:
    """The real server with a virtual clock per execution.

    `temporal_env.client` starts executions that skip time by themselves; `temporal_plain` starts ones that skip only
    when told to, by `temporal_env.fast_forward(handle, delta)`. Schedules do not skip.
    """
    environment = await _time_skipping()
    server = by_name(psutil.Process().children())[temporal_binary().name]
    guard().watch(server.pid, signal.SIGINT)
    await prepare_namespace(environment.client)
    yield environment
    await environment.shutdown()
    guard().forget(server.pid)


async def _time_skipping(attempts: int = 3) -> WorkflowEnvironment:
    """Tried again, since the server may lose one of the ports that it chooses to another worker's servers."""
    try:
        return await WorkflowEnvironment.start_time_skipping_v2(
            namespace=NAMESPACE,
            dev_server_existing_path=str(temporal_binary()),
            dev_server_extra_args=TEMPORAL_ARGUMENTS,
        )
    except RuntimeError:
        if attempts == 1:
            raise
        return await _time_skipping(attempts - 1)


@pytest_asyncio.fixture(scope="session")
async def temporal_plain(temporal_env: WorkflowEnvironment) -> Client:
    """A client of the same server whose executions run on the wall clock until they are fast-forwarded."""
    return await Client.connect(
        temporal_env.client.service_client.config.target_host, namespace=temporal_env.client.namespace
    )
