"""Worker processes of two releases: the newer one knows another set of rules and another version of the state.

`release.py TARGET DSN QUEUE NEWEST`.
"""

import asyncio
import atexit
import sys
import time
from collections.abc import Sequence
from types import MappingProxyType
from typing import Any

from bpmn import codec, semantics
from bpmn.commands import Command, SetTimer
from bpmn.instance.migrations import UnknownVersion, migrate
from bpmn.run.settle import settle_reopened
from bpmn.semantics import Rules
from tests.shell.shell import shell_on


def timers_first(found: Sequence[Command], first_key: int) -> tuple[Command, ...]:
    return tuple(sorted(settle_reopened(found, first_key), key=lambda command: not isinstance(command, SetTimer)))


def rules(newest: int) -> MappingProxyType[int, Rules]:
    known = {2: Rules(), 3: Rules(timers_first, rungs_by_clock=True)}
    return MappingProxyType({number: found for number, found in known.items() if number <= newest})


def state_of_the_release_before(plain: dict[str, Any]) -> dict[str, Any]:
    if plain["version"] > 1:
        raise UnknownVersion("The state has version 2; this engine knows versions up to 1.")
    return migrate(plain)


async def main(target: str, dsn: str, queue: str, newest: str) -> None:
    semantics.RULES = rules(int(newest))
    if int(newest) < 3:
        codec.migrate = state_of_the_release_before  # type: ignore[attr-defined]
    async with shell_on(dsn, target, queue) as shell, shell.worker():
        print("polls", flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    atexit.register(time.sleep, 0.05)  # a tokio thread of the SDK races with interpreter shutdown
    asyncio.run(main(*sys.argv[1:]))
