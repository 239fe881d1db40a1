"""`jiannuo run` as a newcomer has it: everything starts, the sample region is there, Ctrl-C stops all of it."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

JIANNUO = Path(sys.executable).with_name("jiannuo")
PATIENCE_S = 180.0
READY_S = 30.0
ORDER = ("the API", "the worker", "the reference receiver", "Temporal", "PostgreSQL")
STARTED = re.compile(r"http://127\.0\.0\.1:\d+/$")


class Running:
    """One `jiannuo run`, read until it says where its pages are. Killed if it takes longer than patience."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            [str(JIANNUO), "run"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self.lines: list[str] = []
        self.address = ""
        self._watchdog = threading.Timer(PATIENCE_S, self.process.kill)
        self._watchdog.start()
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip())
            found = STARTED.search(line.rstrip())
            if found and "Temporal" not in line:
                self.address = found.group().rstrip("/")
            if "Ctrl-C" in line:
                return
        self.end()
        raise AssertionError("it ended by itself:\n" + "\n".join(self.lines))

    def interrupt(self) -> int:
        self.process.send_signal(signal.SIGINT)
        output, _ = self.process.communicate(timeout=PATIENCE_S)
        self.lines += output.splitlines()
        self._watchdog.cancel()
        return self.process.returncode

    def end(self) -> None:
        """For a test that failed half-way: the servers must be gone before their folder is."""
        self._watchdog.cancel()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.communicate(timeout=PATIENCE_S)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def health(self) -> int:
        """The status of /healthz once it is ready, or the last one: Temporal hears of a worker at its first poll."""
        until, pause = time.monotonic() + READY_S, threading.Event()
        while True:
            status = httpx.get(f"{self.address}/healthz", timeout=READY_S).status_code
            if status == httpx.codes.OK or time.monotonic() > until:
                return status
            pause.wait(0.2)


@pytest.fixture
def environment(server_folder: Path) -> dict[str, str]:
    given = {name: value for name, value in os.environ.items() if not name.startswith("JIANNUO_")}
    ports = dict.fromkeys(
        ("JIANNUO_PORT", "JIANNUO_TEMPORAL_PORT", "JIANNUO_TEMPORAL_UI_PORT", "JIANNUO_RECEIVER_PORT"), "0"
    )
    return given | ports | {"JIANNUO_DATA_DIR": str(server_folder / "smoke"), "JIANNUO_SAMPLE_CASES": "2"}


@pytest.fixture
def started(environment: dict[str, str]) -> Iterator[list[Running]]:
    runs: list[Running] = []
    yield runs
    for run in runs:
        run.end()


def test_it_comes_up_seeds_once_and_ctrl_c_stops_all_of_it(environment: dict[str, str], started: list[Running]) -> None:
    first = Running(environment)
    started.append(first)
    children = psutil.Process(first.process.pid).children(recursive=True)
    assert first.health() == httpx.codes.OK
    assert any("sample logins" in line for line in first.lines)
    assert first.interrupt() == 0
    assert first.lines[-1] == "stopped"
    _, alive = psutil.wait_procs(children, timeout=30)
    assert alive == []

    second = Running(environment)
    started.append(second)
    assert second.health() == httpx.codes.OK
    assert second.interrupt() == 0
    stops = [line for line in second.lines if line.startswith("stopping")]
    assert stops == [f"stopping {name}" for name in ORDER]
