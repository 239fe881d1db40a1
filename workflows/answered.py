"""Which submissions this execution has applied, across continue-as-new, where Temporal forgets the ids of Updates."""

from __future__ import annotations

from collections.abc import Mapping

# A resend and the answer that it crossed are seconds apart; no case takes this many acts in that time.
KEPT = 64


class Answered:
    def __init__(self, carried: Mapping[str, int] | None = None) -> None:
        self._steps = dict(carried or {})

    def step_of(self, submission_id: str) -> int | None:
        return self._steps.get(submission_id)

    def note(self, submission_id: str, step: int) -> None:
        self._steps[submission_id] = step
        while len(self._steps) > KEPT:
            del self._steps[next(iter(self._steps))]

    def carried(self) -> dict[str, int]:
        return dict(self._steps)
