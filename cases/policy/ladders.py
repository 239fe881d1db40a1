"""Ladders: who is told, and what is proposed, before and after a deadline."""

from collections.abc import Mapping
from datetime import time
from typing import Literal

from cases.deadlines.rule import Rung
from cases.policy.parameter import ClockTime, Name, OffsetText, Parameter, Section

# What a rung can do beside telling people. Each has code or a branch of a model behind it (held by a test). That a
# limit is over, and what silence then means, is no effect: the clock's due instant and the models' timers say so.
Effect = Literal[
    "raise_priority",
    "draft_urge",
    "draft_supervision_letter",
    "draft_interview_notice",
    "draft_superior_letter",
    "draft_reminder_letter",
    "draft_warning_letter",
    "propose_typical_case",
]


class RungTerms(Section):
    """`at`: null for the hour at which the pack's offices open. `to`: roles. `notice`: kind of notice.

    `effect`: what the machine does, drafts or proposes; a person issues it.
    """

    offset: OffsetText
    at: ClockTime | None = None
    to: tuple[Name, ...] = ()
    notice: Name | None = None
    effect: Effect | None = None
    own_message: bool = False


class Ladder(Section):
    title: Name
    rungs: Mapping[str, Parameter[RungTerms]]

    def as_rungs(self, opens: time) -> tuple[Rung, ...]:
        return tuple(
            Rung(
                name=name,
                offset=rung.value.offset,
                at=rung.value.at or opens,
                to=rung.value.to,
                notice=rung.value.notice,
                effect=rung.value.effect,
                own_message=rung.value.own_message,
            )
            for name, rung in self.rungs.items()
        )
