"""The coroutine that waits for the earliest open timer and fires it: one durable timer of Temporal at a time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from temporalio import workflow
from temporalio.exceptions import ActivityError

from activities import contracts
from bpmn.commands import SetTimer
from workflows.timers import Timers


@dataclass(frozen=True)
class TimerLoop:
    """What it needs of the execution. ``turn`` waits until no record is in flight; ``halt`` until an operator resumes.

    ``confirm`` asks whether a deadline's rung may fire; ``hear`` takes an event as text, ``fire`` a timer's key.
    """

    timers: Timers
    now: Callable[[], datetime]
    confirm: Callable[[SetTimer], Awaitable[contracts.ConfirmResult]]
    turn: Callable[[], Awaitable[None]]
    halt: Callable[[str], Awaitable[None]]
    hear: Callable[[str], None]
    fire: Callable[[int], None]

    async def run(self) -> None:
        while True:
            await workflow.wait_condition(lambda: self.timers.earliest() is not None)
            earliest = self.timers.earliest()
            assert earliest is not None
            at, command = earliest
            if at > self.now() and await self._changes(earliest):
                continue
            if command.deadline_key is not None and not await self._confirmed(command):
                continue
            await self.turn()
            # Meanwhile another event may have ended it, or a record's answer may have moved it.
            if self.timers.is_open(command):
                self.timers.cancel(command.timer_key)
                self.fire(command.timer_key)

    async def _changes(self, earliest: tuple[datetime, SetTimer]) -> bool:
        """Waits for its instant; True when another timer came to be the earliest before."""
        at, command = earliest
        try:
            await workflow.wait_condition(
                lambda: self.timers.earliest() != earliest, timeout=at - self.now(), timeout_summary=command.element_id
            )
        except TimeoutError:
            return False
        return True

    async def _confirmed(self, timer: SetTimer) -> bool:
        try:
            answer = await self.confirm(timer)
        except ActivityError as error:
            await self.halt(f"{contracts.CONFIRM_DEADLINE}: {type(error.cause).__name__}")
            return False
        if answer.event is not None:
            await self.turn()
            self.hear(answer.event)
        return answer.fire
