"""`jiannuo run` as a user has it: a process that is started, interrupted and killed."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.processes import by_name

JIANNUO = Path(sys.executable).with_name("jiannuo")
PATIENCE_S = 60.0
RUNNING = "are running"


@pytest.fixture
def environment(server_folder: Path, request: pytest.FixtureRequest) -> dict[str, str]:
    given = {name: value for name, value in os.environ.items() if not name.startswith("JIANNUO_")}
    ports = {"JIANNUO_PORT": "0", "JIANNUO_TEMPORAL_PORT": "0", "JIANNUO_TEMPORAL_UI_PORT": "0"}
    return given | ports | {"JIANNUO_DATA_DIR": str(server_folder / f"run {request.node.name}")}


@contextlib.contextmanager
def running(
    environment: dict[str, str], stderr: int | None = None
) -> Iterator[tuple["subprocess.Popen[str]", list[str]]]:
    """`jiannuo run --servers-only`, once it says that the servers run: the process and the lines so far."""
    command = [str(JIANNUO), "run", "--servers-only"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=stderr, text=True) as process:
        assert process.stdout is not None
        lines: list[str] = []
        try:
            for line in process.stdout:
                lines.append(line.rstrip())
                if RUNNING in line:
                    break
            yield process, lines
        finally:
            process.kill()


def interrupt(process: "subprocess.Popen[str]") -> tuple[int, list[str]]:
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=PATIENCE_S)
    return process.returncode, output.splitlines()


def test_ctrl_c_stops_everything_in_reverse_order(environment: dict[str, str]) -> None:
    with running(environment) as (process, _):
        children = psutil.Process(process.pid).children(recursive=True)
        assert {"postgres", "temporal"} <= by_name(children).keys()
        status, lines = interrupt(process)
        assert status == 0
        assert lines == ["stopping Temporal", "stopping PostgreSQL", "stopped"]
        _, alive = psutil.wait_procs(children, PATIENCE_S)
        assert alive == []


def test_an_interrupted_start_leaves_no_process(environment: dict[str, str]) -> None:
    command = [str(JIANNUO), "run", "--servers-only"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "starting PostgreSQL\n"
        status, _ = interrupt(process)
    assert status == 0
    folder = environment["JIANNUO_DATA_DIR"]
    assert not any(folder in " ".join(one.info["cmdline"] or ()) for one in psutil.process_iter(["cmdline"]))


def test_a_killed_run_leaves_no_process_and_the_next_one_starts(environment: dict[str, str]) -> None:
    with running(environment) as (process, _):
        children = psutil.Process(process.pid).children(recursive=True)
        process.kill()
        process.wait()
    with running(environment) as (process, lines):
        assert RUNNING in lines[-1]
        assert interrupt(process)[0] == 0
    _, alive = psutil.wait_procs(children, PATIENCE_S)
    assert alive == []


def test_a_server_that_dies_takes_the_run_down_in_order(environment: dict[str, str]) -> None:
    with running(environment | {"PYTHONUNBUFFERED": "1"}, stderr=subprocess.STDOUT) as (process, _):
        children = psutil.Process(process.pid).children(recursive=True)
        by_name(children)["temporal"].kill()
        output, _ = process.communicate(timeout=PATIENCE_S)
        assert process.returncode == 1
        assert "jiannuo: Temporal ended by itself." in output
        assert "stopping PostgreSQL" in output
        _, alive = psutil.wait_procs(children, PATIENCE_S)
        assert alive == []


def test_a_second_instance_is_refused_with_a_sentence(environment: dict[str, str]) -> None:
    with running(environment) as (first, _):
        second = subprocess.run(
            [str(JIANNUO), "run", "--servers-only"], env=environment, capture_output=True, text=True, timeout=PATIENCE_S
        )
        assert second.returncode == 1
        assert second.stderr.splitlines() == [
            f"jiannuo: Another instance (process {first.pid}) is already using {environment['JIANNUO_DATA_DIR']}. "
            "Stop that one first, or choose another folder with JIANNUO_DATA_DIR."
        ]
        assert interrupt(first)[0] == 0


def test_a_busy_port_is_replaced_and_said(environment: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as occupier:
        wished = occupier.getsockname()[1]
        with running(environment | {"JIANNUO_TEMPORAL_PORT": str(wished)}) as (process, lines):
            assert f"port {wished} is busy; Temporal got another" in lines
            assert interrupt(process)[0] == 0


def test_other_commands_find_the_servers_while_they_run(environment: dict[str, str]) -> None:
    with running(environment) as (process, _):
        assert _migrate(environment).stdout == "The database is at the newest revision.\n"
        assert (Path(environment["JIANNUO_DATA_DIR"]) / "endpoints.json").stat().st_mode & 0o777 == 0o600
        assert interrupt(process)[0] == 0
    refused = _migrate(environment)
    assert refused.returncode == 1
    assert "Start jiannuo run in another terminal" in refused.stderr


def test_reset_deletes_the_data_but_not_while_it_runs(environment: dict[str, str]) -> None:
    folder = Path(environment["JIANNUO_DATA_DIR"])
    with running(environment) as (process, _):
        (folder / "mine.txt").write_text("not made by jiannuo")
        assert _reset(environment) == 1
        assert interrupt(process)[0] == 0
    assert _reset(environment) == 0
    assert sorted(path.name for path in folder.iterdir()) == ["instance.lock", "mine.txt"]


def _migrate(environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [str(JIANNUO), "migrate"], env=environment, capture_output=True, text=True, timeout=PATIENCE_S
    )


def _reset(environment: dict[str, str]) -> int:
    return subprocess.run([str(JIANNUO), "reset"], env=environment, capture_output=True, timeout=PATIENCE_S).returncode
