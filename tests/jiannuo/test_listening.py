"""Ports are held until they are used, and a server is announced only once it listens."""

import asyncio
import socket

import pytest
import uvicorn

from jiannuo.embedded.ports import LOOPBACK, choose_port, reserve_port
from jiannuo.errors import JiannuoError
from jiannuo.listening import listen, serve_until


async def _hello(scope: dict[str, object], receive: object, send: object) -> None:
    raise AssertionError("nothing is asked of it")


def test_a_reserved_port_is_given_to_nobody_else_until_it_is_released() -> None:
    with reserve_port() as reserved:
        assert reserved.replaces is None
        assert reserved.port not in {choose_port().port for _ in range(200)}
        reserved.release()
        with listen(LOOPBACK, reserved.port) as listener:
            assert listener.getsockname()[1] == reserved.port


def test_a_busy_port_is_replaced_when_chosen_and_a_sentence_when_listened_on() -> None:
    with listen(LOOPBACK, 0) as listener:
        busy = listener.getsockname()[1]
        chosen = choose_port(busy)
        assert (chosen.replaces, chosen.port == busy) == (busy, False)
        with pytest.raises(JiannuoError, match=f"port {busy}: "):
            listen(LOOPBACK, busy)


async def test_who_is_told_that_a_server_is_ready_is_not_turned_away() -> None:
    stop, connected = asyncio.Event(), []

    def ready() -> None:
        with socket.create_connection(listener.getsockname(), timeout=10):
            connected.append(True)
        stop.set()

    listener = listen(LOOPBACK, 0)
    await serve_until(stop, uvicorn.Config(_hello, log_config=None, lifespan="off"), listener, ready)
    assert connected == [True]
    assert listener.fileno() == -1
