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
    """Numbers and digests steps; knows which the record activity has stored."""

    def __init__(self, last_step: int = 0, digest: str = GENESIS) -> None:
        self.last_step = last_step
        self.recorded = last_step
        self.digest = digest
        self.recorded_digest = digest
        self.waiters = 0
        self._unrecorded: list[tuple[StepEntry, datetime, bool]] = []
        self._state_bytes = 0

    def append(
        self,
        event: str,
        commands: str,
        at: datetime,
        *,
        lazy: bool,
        submission_id: str | None,
        actor: str | None,
        reason: str | None = None,
    ) -> int:
        """``lazy`` steps (an answer of the record itself) wait for the next batch instead of causing one."""
        self.last_step += 1
        self.digest = chained(self.digest, event, at.isoformat(), commands)
        entry = StepEntry(self.last_step, event, at.isoformat(), self.digest, submission_id, actor, reason)
        self._unrecorded.append((entry, at, lazy))
        return self.last_step

    @property
    def urgent(self) -> bool:
        return any(not lazy for _, _, lazy in self._unrecorded)

    @property
    def settled(self) -> bool:
        return not self._unrecorded

    def batch(self) -> list[StepEntry]:
        return [entry for entry, _, _ in self._unrecorded]

    @property
    def tail(self) -> list[str]:
        return [self.recorded_digest, *(entry.digest for entry, _, _ in self._unrecorded)]

    @property
    def too_large(self) -> bool:
        return self._state_bytes > STATE_BYTES

    def acknowledge(self, last_step: int, state_bytes: int = 0) -> None:
        self._state_bytes = state_bytes
        for entry, _, _ in self._unrecorded:
            if entry.number == last_step:
                self.recorded_digest = entry.digest
        self._unrecorded = [item for item in self._unrecorded if item[0].number > last_step]
        self.recorded = last_step

    def busy(self, now: datetime) -> bool:
        oldest = next((at for _, at, lazy in self._unrecorded if not lazy), None)
        pending = sum(len(entry.event) for entry, _, _ in self._unrecorded)
        lagging = oldest is not None and now - oldest > BUSY_AFTER
        return self.waiters >= BUSY_WAITERS or pending > PENDING_CHARACTERS or lagging
