"""Lines for whoever waits: nothing for what is quick, a sign of life for what takes longer than two seconds."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

Progress = Callable[[str], None]

SILENT_S = 2.0
REPEAT_S = 5.0


def silent(line: str) -> None:
    """For tests and commands whose output is data."""


@asynccontextmanager
async def while_slow(progress: Progress, say: Callable[[int], str]) -> AsyncIterator[None]:
    """Call `progress(say(seconds))` after two seconds and then every five, until the block ends."""
    speaker = asyncio.create_task(_speak(progress, say))
    try:
        yield
    finally:
        speaker.cancel()


async def _speak(progress: Progress, say: Callable[[int], str]) -> None:
    loop = asyncio.get_running_loop()
    began = loop.time()
    await asyncio.sleep(SILENT_S)
    while True:
        progress(say(int(loop.time() - began)))
        await asyncio.sleep(REPEAT_S)
