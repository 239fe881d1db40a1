"""A driver that answers for the record what clocks come to, and notes which rung of which clock a timer fired."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from bpmn.commands import ArmDeadline, EndDeadline, SetTimer
from bpmn.events import DeadlineSet, Event, TimerFired
from tests.bpmn.player import START, Player

RUNGS = ("early", "due", "late")


class Firing(NamedTuple):
    """``clock`` counts from 0 in the order in which they started."""

    element: str
    clock: int
    rung: str
    at: datetime


class ClockPlayer(Player):
    def __init__(self, model: bytes, semantics: int = 3) -> None:
        self.fired: list[Firing] = []
        super().__init__(model, semantics=semantics)

    def send(self, event: Event) -> ClockPlayer:
        if isinstance(event, TimerFired):
            timer = next(
                one for one in reversed(self.commands) if isinstance(one, SetTimer) and one.timer_key == event.timer_key
            )
            if timer.deadline_key is not None and timer.rung is not None:
                clock = self.clocks.index(timer.deadline_key)
                self.fired.append(Firing(timer.element_id, clock, timer.rung, self.now))
        super().send(event)
        return self

    @property
    def clocks(self) -> list[int]:
        return [one.deadline_key for one in self.commands if isinstance(one, ArmDeadline)]

    @property
    def live(self) -> list[int]:
        """Of the clocks that run, how many started before each."""
        ended = [one.deadline_key for one in self.commands if isinstance(one, EndDeadline)]
        return [nth for nth, key in enumerate(self.clocks) if key not in ended]

    def answer(self, nth: int, revision: int, *days: float | None) -> ClockPlayer:
        """For the clock that started as the nth: one rung on each of these days after the start, none if it pauses."""
        at = {rung: (START + timedelta(days=day)).isoformat() for rung, day in zip(RUNGS, days, strict=False) if day}
        due = at.get("due")
        self.send(DeadlineSet(self.clocks[nth], revision, due and due[:10], due, at))
        return self

    def of(self, element: str) -> list[tuple[int, str]]:
        """What the timer at this element has fired, in order: clock and rung."""
        return [(one.clock, one.rung) for one in self.fired if one.element == element]
