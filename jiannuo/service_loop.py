"""One service as a process of its own, as containers run it: until a signal, draining first."""

from __future__ import annotations

import asyncio
import signal

from jiannuo.logs import configure_logs
from jiannuo.run import Service, load_entry
from jiannuo.settings import load_settings


def run_until_signalled(service: Service) -> None:
    settings = load_settings()
    configure_logs(settings.log_format, settings.log_level)

    async def run() -> None:
        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        await load_entry(service.entry)(settings, stop, lambda: None)

    asyncio.run(run())
