"""A server process that we start, watch over and stop: by its process id only, in a session of its own.

Its own session, so that Ctrl-C in the terminal reaches us alone and we decide the order of stopping.
"""

import asyncio
import atexit
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypedDict

from jiannuo.embedded import watchdog
from jiannuo.embedded.account import Account

LOG_TAIL_LINES = 5


class Child:
    def __init__(self, process: "subprocess.Popen[bytes]", log: Path, stop_signal: signal.Signals) -> None:
        self._process = process
        self._stop_signal = stop_signal
        self.log = log

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def ended(self) -> bool:
        return self._process.poll() is not None

    async def stop(self, patience_s: float = 30.0) -> None:
        """Ask, wait, and kill what does not listen."""
        for request in (self._stop_signal, signal.SIGQUIT, signal.SIGKILL):
            if self.ended:
                break
            self._process.send_signal(request)
            try:
                await asyncio.to_thread(self._process.wait, patience_s)
            except subprocess.TimeoutExpired:
                continue
        guard().forget(self.pid)

    def log_text(self) -> str:
        return self.log.read_text(errors="replace")

    def log_tail(self) -> str:
        return " / ".join(self.log_text().splitlines()[-LOG_TAIL_LINES:])


def start_child(
    command: Sequence[str],
    *,
    log: Path,
    stop_signal: signal.Signals,
    account: Account | None = None,
    environment: Mapping[str, str] | None = None,
) -> Child:
    """The log file is opened by us, so that a server of lesser rights needs no access to its folder."""
    with log.open("ab") as sink:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            cwd="/",
            env=dict(environment) if environment is not None else None,
            **credentials(account),
        )
    guard().watch(process.pid, stop_signal)
    return Child(process, log, stop_signal)


class Credentials(TypedDict, total=False):
    user: int
    group: int
    extra_groups: list[int]


def credentials(account: Account | None) -> Credentials:
    if account is None:
        return {}
    return {"user": account.uid, "group": account.gid, "extra_groups": []}


class Guard:
    """Our end of the pipe to the watchdog; the watchdog sees it close when this process ends in whatever way."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", watchdog.__file__],
            stdin=subprocess.PIPE,
            start_new_session=True,
            cwd="/",
            text=True,
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    def watch(self, pid: int, number: signal.Signals) -> None:
        self._say(f"watch {pid} {int(number)}")

    def forget(self, pid: int) -> None:
        self._say(f"forget {pid}")

    def close(self) -> None:
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.wait()

    def _say(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()


_guards: dict[int, Guard] = {}


def guard() -> Guard:
    """One watchdog per process, started with the first server; keyed by pid because a fork must not share it."""
    if os.getpid() not in _guards:
        _guards[os.getpid()] = Guard()
        atexit.register(_guards[os.getpid()].close)
    return _guards[os.getpid()]
