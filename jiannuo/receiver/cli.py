"""`jiannuo receiver`: the reference receiver as a process of its own."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path
from random import Random
from typing import Annotated

import typer

from jiannuo.receiver.losses import Losses
from jiannuo.receiver.serve import serve
from jiannuo.settings import Settings, load_settings

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def receiver(
    port: int = typer.Option(None, help="Port; 0 means any free one. JIANNUO_RECEIVER_PORT unless given."),
    lose: float = typer.Option(0.0, min=0.0, max=1.0, help="Share of the connections that are cut off."),
    seed: int = typer.Option(None, help="Seed of the losses, to have the same ones again."),
    folder: Annotated[
        Path | None, typer.Option(help="Folder of received.jsonl; receiver/ in the data folder unless given.")
    ] = None,
) -> None:
    """Take what is shared as another platform would, and show it."""
    settings = load_settings()
    losses = Losses(share=lose, random=Random(seed))
    asyncio.run(_until_interrupted(settings, settings.receiver_port if port is None else port, losses, folder))


async def _until_interrupted(settings: Settings, port: int, losses: Losses, folder: Path | None) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await serve(settings, stop, port, losses=losses, folder=folder, ready=_announce)


def _announce(url: str) -> None:
    print(f"参考接收端 · reference receiver: {url}/", flush=True)
