"""Ladders: who is told, and what is proposed, before and after a deadline."""

from collections.abc import Mapping
from datetime import time

from cases.deadlines.rule import Rung
from cases.policy.parameter import ClockTime, Name, OffsetText, Parameter, Section


class RungTerms(Section):
    """`at`: null for the hour at which the pack's offices open. `to`: roles. `notice`: kind of notice.

    `effect`: what the machine does or drafts; a person issues it.
    """

    offset: OffsetText
    at: ClockTime | None = None
    to: tuple[Name, ...] = ()
    notice: Name | None = None
    effect: Name | None = None
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
