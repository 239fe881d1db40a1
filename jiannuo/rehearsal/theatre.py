"""Where a rehearsal plays: real PostgreSQL, a real Temporal server that skips time, the real worker."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from bpmn.model import Graph
from jiannuo.compose import engine_for, make_stores
from jiannuo.embedded.binaries import temporal_binary
from jiannuo.embedded.postgres import start_postgres
from jiannuo.embedded.temporal_namespace import NAMESPACE, prepare_namespace
from jiannuo.migrate import upgrade
from jiannuo.payloads import data_converter
from jiannuo.rehearsal.reporting import Counterpart, ports_for
from jiannuo.rehearsal.stage import Rehearsal
from jiannuo.worker import make_worker

QUEUE = "rehearsal"
SKIPPING = (
    "--dynamic-config-value",
    "frontend.WorkflowTimeSkippingEnabled=true",
    # Without it every skipped timer costs about a second of real time.
    "--dynamic-config-value",
    'history.timerProcessorMaxTimeShift="5ms"',
)


@asynccontextmanager
async def on_stage(
    dsn: str, environment: WorkflowEnvironment, task_queue: str = QUEUE, counterpart: Counterpart | None = None
) -> AsyncIterator[Rehearsal]:
    """A rehearsal on given servers: a migrated database, and an environment with time skipping per execution.

    Without a ``counterpart`` nothing is delivered: what is shared waits, visibly.
    """
    engine = engine_for(dsn)
    stores = make_stores(engine, os.urandom(32))

    async def load(hash_: str) -> Graph:
        async with stores.sessions() as session:
            return await stores.definitions.graph(session, hash_)

    client = await Client.connect(
        environment.client.service_client.config.target_host,
        namespace=environment.client.namespace,
        data_converter=data_converter((os.urandom(32),), load),
    )
    try:
        async with make_worker(client, stores, task_queue, ports=ports_for(counterpart)):
            yield Rehearsal(stores, environment, client, task_queue, answered=counterpart is not None)
    finally:
        await engine.dispose()


@contextmanager
def _stdout_to_stderr() -> Iterator[None]:
    """The server inherits our standard output and greets there; what `--json` prints must stay JSON."""
    kept = os.dup(1)
    os.dup2(2, 1)
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)


@asynccontextmanager
async def theatre(counterpart: Counterpart | None = None) -> AsyncIterator[Rehearsal]:
    """Servers of its own in a temporary folder, all ended afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="jiannuo-rehearsal-"))
    folder.chmod(0o755)  # PostgreSQL may run as another user than root
    try:
        postgres = await start_postgres(folder / "postgres", durable=False)
        try:
            await asyncio.to_thread(upgrade, postgres.dsn)
            with _stdout_to_stderr():
                environment = await WorkflowEnvironment.start_time_skipping_v2(
                    namespace=NAMESPACE,
                    dev_server_existing_path=str(temporal_binary()),
                    dev_server_extra_args=list(SKIPPING),
                    dev_server_log_level="error",
                )
            try:
                await prepare_namespace(environment.client)
                async with on_stage(postgres.dsn, environment, counterpart=counterpart) as rehearsal:
                    yield rehearsal
            finally:
                await environment.shutdown()
        finally:
            await postgres.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
