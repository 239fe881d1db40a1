"""A PostgreSQL and a Temporal of the benchmark's own, as `make run` has them, in a folder removed afterwards."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from jiannuo.embedded.postgres import start_postgres
from jiannuo.embedded.temporal import start_temporal
from jiannuo.migrate import upgrade

# Both sides have one key: payloads are encrypted as in production.
KEY = b"b" * 32


@dataclass(frozen=True)
class Servers:
    dsn: str
    target: str
    postgres_pid: int
    temporal_pid: int

    def cpu_s(self) -> dict[str, float]:
        """CPU seconds used so far, children included."""
        return {"temporal": cpu_of(self.temporal_pid), "postgres": cpu_of(self.postgres_pid)}


def cpu_of(pid: int) -> float:
    process = psutil.Process(pid)
    own = process.cpu_times()
    total = own.user + own.system + own.children_user + own.children_system
    for child in process.children(recursive=True):
        try:
            times = child.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system
    return total


@asynccontextmanager
async def servers(*dynamic: str) -> AsyncIterator[Servers]:
    """``dynamic``: values of Temporal's dynamic configuration."""
    more = tuple(part for value in dynamic for part in ("--dynamic-config-value", value))
    folder = Path(tempfile.mkdtemp(prefix="jiannuo-bench-"))
    folder.chmod(0o755)  # PostgreSQL may run as another user than root
    try:
        postgres = await start_postgres(folder / "postgres", durable=False)
        try:
            await asyncio.to_thread(upgrade, postgres.dsn)
            temporal = await start_temporal(folder / "temporal", ui=False, durable=False, extra_arguments=more)
            try:
                yield Servers(postgres.dsn, temporal.target_host, postgres.child.pid, temporal.child.pid)
            finally:
                await temporal.stop()
        finally:
            await postgres.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
