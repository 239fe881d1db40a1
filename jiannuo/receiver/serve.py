"""Running the receiver: beside `jiannuo run`, or as a process of its own."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

import uvicorn

from jiannuo.embedded.ports import LOOPBACK
from jiannuo.keys import receiver_secret
from jiannuo.listening import listen, serve_until
from jiannuo.receiver.app import make_receiver
from jiannuo.receiver.guard import Guard
from jiannuo.receiver.ledger import Ledger
from jiannuo.receiver.losses import Losses
from jiannuo.settings import Settings

FILE = "received.jsonl"


async def run_receiver(settings: Settings, stop: asyncio.Event, ready: Callable[[], None]) -> None:
    """The service of `jiannuo run`: for this machine only, whatever the pages listen on."""
    await serve(settings, stop, settings.receiver_port, host=LOOPBACK, ready=lambda _: ready())


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
    listener = listen(host or settings.host, port)
    address, bound = listener.getsockname()[:2]
    config = uvicorn.Config(app, log_level="critical", access_log=False, lifespan="off")
    await serve_until(stop, config, listener, lambda: ready(f"http://{address}:{bound}"))
