"""What the execution has applied and the step log has not yet acknowledged."""

from __future__ import annotations

from datetime import datetime, timedelta

from activities.contracts import StepEntry
from bpmn.digest import GENESIS, chained
from workflows.limits import PENDING_CHARACTERS, STATE_BYTES

BUSY_AFTER = timedelta(seconds=10)
BUSY_WAITERS = 8
"""Temporal allows ten Updates in flight; validators refuse before that, with a sentence of their own."""


class StepLog:
    """Numbers and digests steps; knows which the record activity has stored.

    ``owed``: the log has more to answer. ``too_large``: the state is near what a continued run can take along.
    """

    def __init__(self, last_step: int = 0, digest: str = GENESIS) -> None:
        self.last_step = last_step
        self.recorded = last_step
        self.digest = digest
        self.recorded_digest = digest
        self.owed = False
        self.too_large = False
        self.waiters = 0
        self._unrecorded: list[tuple[StepEntry, datetime]] = []

    def append(
        self, event: str, commands: str, at: datetime, *, submission_id: str | None, actor: str | None,
        reason: str | None,
    ) -> int:  # fmt: skip
        entry = StepEntry(*self._advance(event, commands, at), submission_id, actor, reason)
        self._unrecorded.append((entry, at))
        return self.last_step

    def follow(self, event: str, commands: str, at: datetime) -> int:
        """A step that the log has stored already: its own answer."""
        self._advance(event, commands, at)
        return self.last_step

    def _advance(self, event: str, commands: str, at: datetime) -> tuple[int, str, str, str]:
        self.last_step += 1
        self.digest = chained(self.digest, event, at.isoformat(), commands)
        return self.last_step, event, at.isoformat(), self.digest

    @property
    def settled(self) -> bool:
        return not self._unrecorded and not self.owed

    def batch(self) -> list[StepEntry]:
        return [entry for entry, _ in self._unrecorded]

    @property
    def tail(self) -> list[str]:
        return [self.recorded_digest, *(entry.digest for entry, _ in self._unrecorded)]

    def acknowledge(self, *, owed: bool, state_bytes: int) -> None:
        """Everything that was applied is stored: nothing is applied while a record is in flight."""
        self.owed, self.too_large = owed, state_bytes > STATE_BYTES
        self._unrecorded = []
        self.recorded, self.recorded_digest = self.last_step, self.digest

    def crowded(self, now: datetime) -> bool:
        """So many wait, or for so long, that another act had better be told later."""
        oldest = next((at for _, at in self._unrecorded), None)
        pending = sum(len(entry.event) for entry, _ in self._unrecorded)
        lagging = oldest is not None and now - oldest > BUSY_AFTER
        return self.waiters >= BUSY_WAITERS or pending > PENDING_CHARACTERS or lagging
