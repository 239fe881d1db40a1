"""Worker processes of two releases: the newer one knows a second set of rules. `release.py TARGET DSN QUEUE NEWEST`."""

import asyncio
import atexit
import sys
import time
from collections.abc import Sequence
from types import MappingProxyType

from bpmn import semantics
from bpmn.commands import Command, SetTimer
from bpmn.run.settle import settle
from bpmn.semantics import Rules
from tests.shell.shell import shell_on


def timers_first(found: Sequence[Command], first_key: int) -> tuple[Command, ...]:
    return tuple(sorted(settle(found, first_key), key=lambda command: not isinstance(command, SetTimer)))


def rules(newest: int) -> MappingProxyType[int, Rules]:
    known = {1: Rules(), 2: Rules(timers_first)}
    return MappingProxyType({number: found for number, found in known.items() if number <= newest})


async def main(target: str, dsn: str, queue: str, newest: str) -> None:
    semantics.RULES = rules(int(newest))
    async with shell_on(dsn, target, queue) as shell, shell.worker():
        print("polls", flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    atexit.register(time.sleep, 0.05)  # a tokio thread of the SDK races with interpreter shutdown
    asyncio.run(main(*sys.argv[1:]))
