"""PostgreSQL and Temporal of a test's own, to be killed, stopped, backed up and restored from different minutes."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from jiannuo.embedded.postgres import PostgresServer, start_postgres
from jiannuo.embedded.temporal import TemporalServer, start_temporal
from jiannuo.migrate import upgrade
from tests.shell.shell import Shell, shell_on

POSTGRES, TEMPORAL = "postgres", "temporal"


@dataclass
class Machine:
    folder: Path
    postgres: PostgresServer | None = None
    temporal: TemporalServer | None = None
    postgres_port: int | None = None
    temporal_port: int | None = None

    async def start(self, *names: str) -> None:
        """On the ports of the last start, as a server that comes back does."""
        if POSTGRES in names:
            # Durable: without synchronous commit a killed server forgets what it has acknowledged a moment ago.
            self.postgres = await start_postgres(self.folder / POSTGRES, port=self.postgres_port)
            self.postgres_port = self.postgres.port
        if TEMPORAL in names:
            self.temporal = await start_temporal(
                self.folder / TEMPORAL, port=self.temporal_port, ui=False, durable=False
            )
            self.temporal_port = int(self.temporal.target_host.rpartition(":")[2])

    async def stop(self, *names: str) -> None:
        if TEMPORAL in names and self.temporal is not None:
            await self.temporal.stop()
            self.temporal = None
        if POSTGRES in names and self.postgres is not None:
            await self.postgres.stop()
            self.postgres = None

    async def kill_postgres(self) -> None:
        assert self.postgres is not None
        os.kill(self.postgres.child.pid, signal.SIGKILL)
        await self.postgres.child.stop()

    @contextmanager
    def frozen_postgres(self) -> Iterator[None]:
        """Every process of the server stopped where it stands, as on a machine that swaps or a disk that hangs."""
        assert self.postgres is not None
        leader = psutil.Process(self.postgres.child.pid)
        leader.suspend()  # first: from here on it starts no other
        frozen = [leader]
        for process in leader.children(recursive=True):
            with suppress(psutil.NoSuchProcess):
                process.suspend()
                frozen.append(process)
        try:
            yield
        finally:
            for process in frozen:
                process.resume()

    def _copy(self, source: str, target: str) -> None:
        subprocess.run(["cp", "-a", self.folder / source, self.folder / target], check=True)

    async def back_up(self, minute: str) -> None:
        """Both, at rest. `cp -a` keeps the owner, which PostgreSQL insists on."""
        await self.stop(TEMPORAL, POSTGRES)
        for name in (POSTGRES, TEMPORAL):
            self._copy(name, f"{name}-{minute}")
        await self.start(POSTGRES, TEMPORAL)

    async def restore(self, **minutes: str) -> None:
        """`postgres="t1"` puts that copy in the place of the server's folder; the other stays as it is."""
        await self.stop(TEMPORAL, POSTGRES)
        for name, minute in minutes.items():
            shutil.rmtree(self.folder / name)
            self._copy(f"{name}-{minute}", name)
        await self.start(POSTGRES, TEMPORAL)

    @asynccontextmanager
    async def shell(self, queue: str) -> AsyncIterator[Shell]:
        assert self.postgres is not None
        assert self.temporal is not None
        async with shell_on(self.postgres.dsn, self.temporal.target_host, queue) as shell:
            yield shell


@asynccontextmanager
async def machine(folder: Path) -> AsyncIterator[Machine]:
    folder.mkdir()
    found = Machine(folder)
    try:
        await found.start(POSTGRES, TEMPORAL)
        assert found.postgres is not None
        upgrade(found.postgres.dsn)
        yield found
    finally:
        await found.stop(TEMPORAL, POSTGRES)
