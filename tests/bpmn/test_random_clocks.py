"""Random nested scopes with clocks of few names, against an oracle that counts: each rung of each clock once.

After every step the case is continued as new: its state and its open commands go through text and back.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest

from bpmn import codec
from bpmn.commands import ArmDeadline, Command, SetTimer
from bpmn.events import DeadlineSet, Event, GraphRef, InstanceMigrated, TimerFired
from bpmn.outstanding import fold, opened
from bpmn.reader.read import read
from tests.bpmn.clock_models import Block, Builder, written
from tests.bpmn.clock_oracle import Clock, Fired, Live, Oracle
from tests.bpmn.player import Player

SEEDS = range(24)
NIGHTLY = range(24, 1_024)
MOVES = 40
RUNGS = ("early", "late", "later")


class Continued(Player):
    def __init__(self, whole: Block) -> None:
        self.outstanding: Mapping[int, Command] = {}
        self.fired: list[Fired] = []
        super().__init__(written(whole))

    def send(self, event: Event) -> Player:
        if isinstance(event, TimerFired):
            timer = self.outstanding[event.timer_key]
            assert isinstance(timer, SetTimer)
            assert timer.rung is not None
            self.fired.append(Fired(timer.element_id, self._clock(timer.deadline_key), timer.rung, self.now))
        super().send(event)
        after = fold(self.outstanding, event, self.last)
        self.outstanding = opened(codec.load_commands(codec.dump_commands(after.values())))
        self.timers = {key: one for key, one in self.outstanding.items() if isinstance(one, SetTimer)}
        return self

    def keys(self) -> dict[Clock, int]:
        seen: Counter[str] = Counter()
        keys: dict[Clock, int] = {}
        for one in self.commands:
            if isinstance(one, ArmDeadline):
                keys[Clock(one.element_id, seen[one.element_id])] = one.deadline_key
                seen[one.element_id] += 1
        return keys

    def _clock(self, key: int | None) -> Clock:
        return next(clock for clock, other in self.keys().items() if other == key)


class Trial:
    """The engine and the oracle, told the same."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.whole = Builder(self.chance).whole()
        self.play, self.oracle = Continued(self.whole), Oracle(self.whole)
        self.spelling = ""
        self.revisions: Counter[Clock] = Counter()
        self.standing: dict[Clock, dict[str, datetime]] = {}

    def move(self) -> None:
        self.chance.choice((self.complete, self.complete, self.answer, self.wait, self.wait, self.migrate))()
        self.settle()
        self.let_pass(timedelta())

    def complete(self) -> None:
        task = self.chance.choice(self.oracle.open)
        self.oracle.complete(task)
        self.play.do(task)

    def answer(self) -> None:
        running = [live for live in self.oracle.live() if not live.pausers]
        if running:
            live = self.chance.choice(running)
            rungs = self.chance.sample(RUNGS, self.chance.randint(0, len(RUNGS)))
            self.tell(live, {rung: self.instant() for rung in ("due", *rungs)})

    def instant(self) -> datetime:
        return self.play.now + timedelta(hours=self.chance.randint(-48, 240))

    def tell(self, live: Live, rungs: dict[str, datetime]) -> None:
        live.rungs = rungs
        self.revisions[live.clock] += 1
        due = rungs["due"].isoformat() if rungs else None
        shown = {rung: at.isoformat() for rung, at in rungs.items()}
        key = self.play.keys()[live.clock]
        self.play.send(DeadlineSet(key, self.revisions[live.clock], due and due[:10], due, shown))

    def settle(self) -> None:
        """As the record does: no instants while a clock stands still, later ones when it goes on."""
        for live in self.oracle.live():
            if live.clock not in self.revisions and not live.pausers and self.chance.random() < 0.7:
                self.tell(live, {rung: self.instant() for rung in ("due", *RUNGS)})
            if live.pausers and live.rungs:
                self.standing[live.clock] = live.rungs
                self.tell(live, {})
            elif not live.pausers and live.clock in self.standing:
                by = timedelta(hours=self.chance.randint(0, 48))
                self.tell(live, {rung: at + by for rung, at in self.standing.pop(live.clock).items()})

    def wait(self) -> None:
        self.let_pass(timedelta(hours=self.chance.randint(1, 120)))

    def let_pass(self, duration: timedelta) -> None:
        self.oracle.pass_until(self.play.now, self.play.now + duration)
        self.play.wait(seconds=duration.total_seconds())

    def migrate(self) -> None:
        """Every timer is defined otherwise and armed anew."""
        self.spelling = "" if self.spelling else " "
        graph = read(written(self.whole, self.spelling), "again.bpmn")
        self.play.graphs[graph.hash] = graph
        assert self.play.state is not None
        self.play.send(InstanceMigrated(self.play.state.root, GraphRef(graph.hash, "p"), {}))


def tried(seed: int) -> int:
    trial = Trial(seed)
    for number in range(MOVES):
        trial.move()
        assert trial.play.open == trial.oracle.open, (seed, number)
        assert sorted(trial.play.fired) == sorted(trial.oracle.fired), (seed, number)
    assert not trial.play.incidents, seed
    return len(trial.play.fired)


@pytest.mark.parametrize("seed", SEEDS)
def test_each_rung_of_each_clock_is_fired_once_when_it_is_due(seed: int) -> None:
    tried(seed)


def test_the_models_give_their_ladders_something_to_do() -> None:
    assert sum(tried(seed) for seed in range(12)) > 100


@pytest.mark.nightly
@pytest.mark.timeout(900)
def test_each_rung_of_each_clock_is_fired_once_in_many_more_models() -> None:
    for seed in NIGHTLY:
        tried(seed)
