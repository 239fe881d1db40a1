"""The embedded PostgreSQL: a real server on loopback TCP, started from the binaries of a wheel."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg

from jiannuo.embedded.child import Child, start_child
from jiannuo.embedded.cluster import SUPERUSER, Cluster, prepare_cluster
from jiannuo.embedded.orphan import is_live, stop_orphans
from jiannuo.embedded.ports import LOOPBACK, choose_port
from jiannuo.embedded.progress import Progress, silent, while_slow
from jiannuo.errors import ServerDidNotStart

START_ATTEMPTS = 3
POLL_S = 0.05
# Statement texts and the DETAIL lines of constraint errors quote values; the log must hold no personal data.
QUIET_LOG = {"log_min_error_statement": "panic", "log_error_verbosity": "terse"}
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
# Tests never cut the power: a killed process loses nothing without fsync, since the operating system has the pages.
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True)
class PostgresServer:
    host: str
    port: int
    password: str = field(repr=False)
    replaced_port: int | None
    child: Child

    @property
    def dsn(self) -> str:
        return self.dsn_of("postgres")

    def dsn_of(self, database: str) -> str:
        """libpq URI; SQLAlchemy's form differs in the scheme only."""
        return f"postgresql://{SUPERUSER}:{quote(self.password, safe='')}@{self.host}:{self.port}/{database}"

    async def stop(self) -> None:
        """Fast shutdown: sessions are ended, the log is flushed."""
        await self.child.stop()


async def start_postgres(
    folder: Path,
    *,
    port: int | None = None,
    progress: Progress = silent,
    durable: bool = True,
    options: Mapping[str, str] | None = None,
) -> PostgresServer:
    """Raises an EmbeddedServerError with a sentence; waits for crash recovery as long as it takes."""
    async with while_slow(progress, lambda seconds: f"PostgreSQL is making its data folder ({seconds} s)"):
        cluster = await prepare_cluster(folder.absolute(), durable=durable)
    await stop_orphans("postgres", cluster.data, progress)
    _drop_misleading_pid_file(cluster)
    configured = {"max_connections": "100", **QUIET_LOG, **(DURABLE if durable else FAST), **(options or {})}
    for attempt in range(START_ATTEMPTS):
        chosen = choose_port(port)
        child = _launch(cluster, chosen.port, configured)
        server = PostgresServer(LOOPBACK, chosen.port, cluster.password, chosen.replaces, child)
        try:
            if await _ready(server, progress):
                return server
        except BaseException:
            await child.stop()
            raise
        # The port may have been taken between the choice and the bind; anything else fails again and is then reported.
        if "could not bind" not in child.log_tail() or attempt == START_ATTEMPTS - 1:
            break
    raise ServerDidNotStart(f"PostgreSQL ended before it was ready. The end of its log {child.log}: {child.log_tail()}")


@asynccontextmanager
async def embedded_postgres(
    folder: Path, *, port: int | None = None, progress: Progress = silent, durable: bool = True
) -> AsyncIterator[PostgresServer]:
    server = await start_postgres(folder, port=port, progress=progress, durable=durable)
    try:
        yield server
    finally:
        await server.stop()


def _drop_misleading_pid_file(cluster: Cluster) -> None:
    """PostgreSQL believes any number that is in use: a stranger's after a reboot, or a zombie's where nobody reaps.

    It is left alone if its process is gone, since PostgreSQL then checks by the file that no child is still at work.
    """
    file = cluster.data / "postmaster.pid"
    try:
        pid = int(file.read_text().split(maxsplit=1)[0])
    except (FileNotFoundError, ValueError, IndexError):
        return
    if psutil.pid_exists(pid) and not is_live(pid, "postgres"):
        file.unlink()


def _launch(cluster: Cluster, port: int, options: Mapping[str, str]) -> Child:
    fixed = {
        "listen_addresses": LOOPBACK,
        "port": str(port),
        # No socket file: its path is limited to about 100 bytes, and its folder would be open to others.
        "unix_socket_directories": "",
        "timezone": "UTC",
        "log_timezone": "UTC",
    }
    settings = [part for name, value in {**fixed, **options}.items() for part in ("-c", f"{name}={value}")]
    log = cluster.folder.parent / f"{cluster.folder.name}.log"
    if log.exists():
        log.replace(log.with_suffix(".log.1"))
    return start_child(
        [str(cluster.binaries / "postgres"), "-D", str(cluster.data), *settings],
        log=log,
        # SIGINT is PostgreSQL's fast shutdown; SIGTERM would wait for every client to leave.
        stop_signal=signal.SIGINT,
        account=cluster.account,
        # A PG* variable of the caller's shell must not steer this server.
        environment={name: value for name, value in os.environ.items() if not name.startswith("PG")},
    )


async def _ready(server: PostgresServer, progress: Progress) -> bool:
    """True when it answers to our password, False when the process has ended."""

    def describe(seconds: int) -> str:
        return f"PostgreSQL is starting ({seconds} s): {server.child.log_tail().rpartition(' / ')[2]}"

    async with while_slow(progress, describe):
        while not server.child.ended:
            try:
                connection = await psycopg.AsyncConnection.connect(server.dsn, connect_timeout=5)
            except psycopg.OperationalError:
                await asyncio.sleep(POLL_S)
                continue
            await connection.close()
            return True
    return False
