"""What the step log answers when it has stored a batch of steps."""

from __future__ import annotations

from dataclasses import dataclass, field

from bpmn.events import DeadlineSet, DecisionEvaluated, DefinitionMissing, DefinitionResolved, JobFailed
from bpmn.graphset import GraphSet

ANSWERS = (DeadlineSet, DefinitionResolved, DefinitionMissing, DecisionEvaluated, JobFailed)
"""The kinds of event that the step log itself may add to a case. ``JobFailed``: a decision that could not be made."""


@dataclass(frozen=True)
class Answers:
    """``events`` (JSON text): what the log has applied and stored itself, after the batch, at the instant ``at``.

    ``last_step`` and ``digest`` are those of the last stored step; without events they are what was sent.
    ``more``: it stopped before all was answered.
    ``graphs``: the definitions that these events name. ``state_bytes``: what the state takes in a payload, 0 where
    that is far from any limit.
    """

    last_step: int
    digest: str = ""
    at: str = ""
    events: tuple[str, ...] = ()
    more: bool = False
    graphs: GraphSet = field(default_factory=GraphSet)
    state_bytes: int = 0
