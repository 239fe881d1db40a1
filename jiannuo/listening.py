"""An HTTP server of ours: it listens before anybody is told of it, and leaves signals to whoever runs it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn

from jiannuo.errors import JiannuoError


class _Server(uvicorn.Server):
    """`jiannuo run`, `jiannuo api` and `jiannuo receiver` have their own order of stopping."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def listen(host: str, port: int) -> socket.socket:
    """From here on nobody is turned away: who comes before the server is ready waits in the queue. Port 0 means any."""
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise JiannuoError(f"Nothing can listen on {host}, port {port}: {error.strerror}. Choose another.") from error


async def serve_until(
    stop: asyncio.Event, config: uvicorn.Config, listener: socket.socket, ready: Callable[[], None]
) -> None:
    """Serves until ``stop`` is set, then answers what it has begun. The listener is closed at the end."""
    server = _Server(config)
    with listener:
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        stopping = asyncio.create_task(stop.wait())
        ready()
        try:
            await asyncio.wait([serving, stopping], return_when=asyncio.FIRST_COMPLETED)
            server.should_exit = True
            await serving
        finally:
            stopping.cancel()
