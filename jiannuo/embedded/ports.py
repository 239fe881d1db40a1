"""Ports on the loopback address: the wished one if it is free, else another, and the caller says so."""

import contextlib
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class ChosenPort:
    port: int
    replaces: int | None = None  # the wished port, if it was busy


@dataclass(frozen=True)
class ReservedPort(ChosenPort):
    """A chosen port that nobody else is given until it is released to whoever listens on it."""

    release: Callable[[], None] = lambda: None


def choose_port(wished: int | None = None) -> ChosenPort:
    """`wished` None or 0 means any. The port may be taken between this answer and its use: callers retry."""
    with reserve_port(wished) as reserved:
        return ChosenPort(reserved.port, reserved.replaces)


@contextlib.contextmanager
def reserve_port(wished: int | None = None) -> Iterator[ReservedPort]:
    """`wished` None or 0 means any. Held until released or until the end of the context."""
    try:
        probe, replaces = _bound(wished or 0), None
    except OSError:
        probe, replaces = _bound(0), wished
    with probe:
        yield ReservedPort(probe.getsockname()[1], replaces, probe.close)


def _bound(port: int) -> socket.socket:
    probe = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    # As servers do: a port in TIME_WAIT after a restart is free, one that is listened on is not.
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        probe.bind((LOOPBACK, port))
    except OSError:
        probe.close()
        raise
    return probe
