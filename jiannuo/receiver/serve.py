"""Running the receiver: beside `jiannuo run`, or as a process of its own."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import uvicorn

from jiannuo.embedded.ports import LOOPBACK
from jiannuo.keys import receiver_secret
from jiannuo.receiver.app import make_receiver
from jiannuo.receiver.guard import Guard
from jiannuo.receiver.ledger import Ledger
from jiannuo.receiver.losses import Losses
from jiannuo.settings import Settings

FILE = "received.jsonl"


class Quiet(uvicorn.Server):
    """Leaves signals to whoever runs it."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def run_receiver(settings: Settings, stop: asyncio.Event) -> None:
    """The service of `jiannuo run`: for this machine only, whatever the pages listen on."""
    await serve(settings, stop, settings.receiver_port, host=LOOPBACK)


async def serve(
    settings: Settings,
    stop: asyncio.Event,
    port: int,
    *,
    host: str | None = None,
    losses: Losses | None = None,
    folder: Path | None = None,
    ready: Callable[[str], None] = lambda url: None,
) -> None:
    """Until ``stop`` is set. ``port`` 0 means any; ``ready`` is told the address."""
    ledger = Ledger((folder or settings.data_dir / "receiver") / FILE)
    app = make_receiver(ledger, Guard(receiver_secret(settings)), losses or Losses(random=Random()), time.time)
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host or settings.host, port))
    # From here on nobody is turned away: who comes before the server is ready waits in the queue.
    listener.listen()
    server = Quiet(uvicorn.Config(app, log_level="critical", access_log=False, lifespan="off"))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    stopping = asyncio.create_task(stop.wait())
    address, bound = listener.getsockname()[:2]
    ready(f"http://{address}:{bound}")
    await asyncio.wait([serving, stopping], return_when=asyncio.FIRST_COMPLETED)
    server.should_exit = True
    stopping.cancel()
    await serving
    listener.close()
