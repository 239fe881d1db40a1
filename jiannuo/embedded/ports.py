"""Ports on the loopback address: the wished one if it is free, else another, and the caller says so."""

import socket
from dataclasses import dataclass

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class ChosenPort:
    port: int
    replaces: int | None = None  # the wished port, if it was busy


def choose_port(wished: int | None = None) -> ChosenPort:
    """`wished` None or 0 means any. The port may be taken between this answer and its use: callers retry."""
    if not wished:
        return ChosenPort(_bindable(0))
    try:
        return ChosenPort(_bindable(wished))
    except OSError:
        return ChosenPort(_bindable(0), replaces=wished)


def _bindable(port: int) -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As servers do: a port in TIME_WAIT after a restart is free, one that is listened on is not.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((LOOPBACK, port))
        chosen: int = probe.getsockname()[1]
        return chosen
