"""What the clocks and ladders of ``clock_models`` mean, by counting: no tokens, no timers, no events.

A ladder fires a rung of the nearest live clock of its name once for that clock, at the rung's instant, or when it comes
to follow the clock if the instant has passed by then.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from tests.bpmn.clock_models import Block, Ladder, Task


class Clock(NamedTuple):
    """The nth that was started at a task."""

    task: str
    nth: int


class Fired(NamedTuple):
    ladder: str
    clock: Clock
    rung: str
    at: datetime


@dataclass
class Live:
    clock: Clock
    name: str
    rungs: dict[str, datetime] = field(default_factory=dict)
    pausers: set[str] = field(default_factory=set)


@dataclass
class Open:
    """A block that is under way: where its branches stand, its live clocks, what its ladders have fired."""

    block: Block
    parent: Open | None = None
    at: list[int] = field(default_factory=list)
    inner: dict[int, Open] = field(default_factory=dict)
    clocks: list[Live] = field(default_factory=list)
    fired: set[tuple[str, Clock, str]] = field(default_factory=set)

    def outwards(self) -> Iterator[Open]:
        here: Open | None = self
        while here is not None:
            yield here
            here = here.parent

    def nearest(self, name: str) -> Live | None:
        found = (live for here in self.outwards() for live in here.clocks if live.name == name)
        return next(found, None)

    def whole(self) -> Iterator[Open]:
        yield self
        for inner in self.inner.values():
            yield from inner.whole()


class Oracle:
    def __init__(self, whole: Block) -> None:
        self.fired: list[Fired] = []
        self._started: Counter[str] = Counter()
        self._tasks: dict[str, tuple[Open, int]] = {}
        self._root = Open(whole, at=[0])
        self._enter(self._root, 0)

    @property
    def open(self) -> list[str]:
        return sorted(self._tasks)

    def live(self) -> list[Live]:
        return [live for here in self._root.whole() for live in here.clocks]

    def complete(self, task_id: str) -> None:
        here, branch = self._tasks.pop(task_id)
        task = here.block.branches[branch][here.at[branch]]
        assert isinstance(task, Task)
        for live in self.live():
            live.pausers.discard(task_id)
        if task.role == "ends":
            self._end(here, task.name)
        self._go_on(here, branch)

    def pass_until(self, now: datetime, until: datetime) -> None:
        for here in self._root.whole():
            for ladder in here.block.ladders:
                live = self._followed(here, ladder)
                rungs = dict(live.rungs) if live is not None and not live.pausers else {}
                for rung, at in rungs.items():
                    if at <= until and (ladder.each or rung == "due"):
                        assert live is not None
                        self._fire(here, ladder, live.clock, rung, max(at, now))

    def _followed(self, here: Open, ladder: Ladder) -> Live | None:
        where = here.parent if ladder.outside else here
        assert where is not None
        return where.nearest(ladder.name)

    def _fire(self, here: Open, ladder: Ladder, clock: Clock, rung: str, at: datetime) -> None:
        if (ladder.id, clock, rung) not in here.fired:
            here.fired.add((ladder.id, clock, rung))
            self.fired.append(Fired(ladder.id, clock, rung, at))

    def _end(self, here: Open, name: str) -> None:
        for outer in here.outwards():
            for live in outer.clocks:
                if live.name == name:
                    outer.clocks.remove(live)
                    return

    def _enter(self, here: Open, branch: int) -> None:
        item = here.block.branches[branch][here.at[branch]]
        if isinstance(item, Block):
            here.inner[branch] = inner = Open(item, here, [0] * len(item.branches))
            for number in range(len(item.branches)):
                self._enter(inner, number)
            return
        if item.role in ("starts", "blinks"):
            here.clocks = [live for live in here.clocks if live.name != item.name]
        if item.role == "blinks":
            self._go_on(here, branch)
            return
        self._tasks[item.id] = (here, branch)
        if item.role == "starts":
            here.clocks.append(Live(Clock(item.id, self._started[item.id]), item.name))
            self._started[item.id] += 1
        elif item.role == "pauses":
            live = here.nearest(item.name)
            if live is not None:
                live.pausers.add(item.id)

    def _go_on(self, here: Open, branch: int) -> None:
        here.at[branch] += 1
        if here.at[branch] < len(here.block.branches[branch]):
            self._enter(here, branch)
        elif here.parent is None:
            here.at[branch] = 0
            self._enter(here, branch)
        elif all(at == len(one) for at, one in zip(here.at, here.block.branches, strict=True)):
            outer = here.parent
            place = next(number for number, inner in outer.inner.items() if inner is here)
            del outer.inner[place]
            self._go_on(outer, place)
