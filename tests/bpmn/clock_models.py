"""Random nested scopes whose tasks start, end and pause clocks of few names, and whose ladders ask for them."""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass

from tests.bpmn.bpmn_models import (
    boundary,
    end,
    event_sub,
    flows,
    gateway,
    process,
    properties,
    script,
    start,
    sub,
    timer,
    user,
)

NAMES = ("x", "y")
ASKED = ("", "starts", "starts", "starts", "ends", "pauses")
ROLES = {"starts": "startsDeadline", "ends": "endsDeadline", "pauses": "pausesDeadline"}


@dataclass(frozen=True)
class Task:
    """One that ``blinks`` starts a clock and ends it again at once, and nobody is asked."""

    id: str
    role: str
    name: str

    @property
    def last(self) -> str:
        return f"{self.id}_x" if self.role == "blinks" else self.id


@dataclass(frozen=True)
class Ladder:
    """``each``: one firing for each rung, else one when it is due. ``outside``: on the border; it sees the parent."""

    id: str
    name: str
    each: bool
    outside: bool


@dataclass(frozen=True)
class Block:
    """Branches that run side by side, once; the only branch of a whole model begins again and again."""

    id: str
    branches: tuple[tuple[Task | Block, ...], ...]
    ladders: tuple[Ladder, ...] = ()

    @property
    def last(self) -> str:
        return self.id


class Builder:
    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self._ids = itertools.count(1)

    def whole(self) -> Block:
        return Block("p", (self._branch(3),), self._ladders(inside=True))

    def _branch(self, depth: int) -> tuple[Task | Block, ...]:
        items = [self._item(depth) for _ in range(self.chance.randint(1, 3))]
        # Somebody is asked in every branch, so that none ends in the step that begins it.
        items.insert(self.chance.randint(0, len(items)), self._task(ASKED))
        return tuple(items)

    def _item(self, depth: int) -> Task | Block:
        if depth and self.chance.random() < 0.45:
            branches = tuple(self._branch(depth - 1) for _ in range(self.chance.randint(1, 2)))
            return Block(self._id("b"), branches, (*self._ladders(inside=True), *self._ladders(inside=False)))
        return self._task((*ASKED, "blinks"))

    def _task(self, roles: tuple[str, ...]) -> Task:
        return Task(self._id("t"), self.chance.choice(roles), self.chance.choice(NAMES))

    def _ladders(self, *, inside: bool) -> tuple[Ladder, ...]:
        count = self.chance.choice((1, 1, 2) if inside else (0, 1))
        return tuple(
            Ladder(self._id("l"), self.chance.choice(NAMES), self.chance.random() < 0.7, not inside)
            for _ in range(count)
        )

    def _id(self, kind: str) -> str:
        return f"{kind}{next(self._ids)}"


def written(whole: Block, spelling: str = "") -> bytes:
    """``spelling`` makes another definition of every timer, which means the same."""
    (branch,) = whole.branches
    ways = ["s>again", f"again>{branch[0].id}", *_chain(branch), f"{branch[-1].last}>again"]
    body = start() + gateway("exclusive", "again") + "".join(_item(item, spelling) for item in branch) + flows(*ways)
    return process(body + _inside(whole, spelling))


def _chain(branch: tuple[Task | Block, ...]) -> list[str]:
    return [f"{one.last}>{other.id}" for one, other in itertools.pairwise(branch)]


def _item(item: Task | Block, spelling: str) -> str:
    if isinstance(item, Task) and item.role == "blinks":
        starts, ends = (properties({f"jiannuo:{ROLES[role]}": item.name}) for role in ("starts", "ends"))
        both = script(item.id, "1", "n", starts) + script(item.last, "1", "n", ends)
        return both + flows(f"{item.id}>{item.last}")
    if isinstance(item, Task):
        return user(item.id, properties({f"jiannuo:{ROLES[item.role]}": item.name} if item.role else {}))
    body = start(f"{item.id}_s") + gateway("parallel", f"{item.id}_f")
    ways = [f"{item.id}_s>{item.id}_f"]
    for branch in item.branches:
        body += "".join(_item(one, spelling) for one in branch)
        ways += [f"{item.id}_f>{branch[0].id}", *_chain(branch)]
    outside = ""
    for ladder in item.ladders:
        if ladder.outside:
            outside += boundary(ladder.id, item.id, _catches(ladder, spelling), False) + end(f"{ladder.id}_e")
            outside += flows(f"{ladder.id}>{ladder.id}_e")
    return sub(item.id, body + flows(*ways) + _inside(item, spelling)) + outside


def _inside(block: Block, spelling: str) -> str:
    return "".join(
        event_sub(
            f"{one.id}_sub",
            start(one.id, _catches(one, spelling), isInterrupting="false")
            + end(f"{one.id}_e")
            + flows(f"{one.id}>{one.id}_e"),
        )
        for one in block.ladders
        if not one.outside
    )


def _catches(ladder: Ladder, spelling: str) -> str:
    if ladder.each:
        return timer(f'=deadline("{ladder.name}"{spelling})', "timeCycle")
    return timer(f'=deadline("{ladder.name}"{spelling}, "due")', "timeDate")
