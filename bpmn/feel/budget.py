"""A counted budget for one evaluation: never timed, so a replay stops at the very same place."""

from collections.abc import Iterable
from dataclasses import dataclass

from bpmn.feel.errors import FeelBudgetExceeded


@dataclass(frozen=True, slots=True)
class Budget:
    """`steps`: iterations, calls and pattern-matching steps; `depth`: expression levels on the stack, summed over
    nested function calls; `list_length` and `string_size`: the largest list (items) and string (characters) made."""

    steps: int = 200_000
    depth: int = 320
    list_length: int = 50_000
    string_size: int = 1_000_000


DEFAULT = Budget()
_MAX_NESTING = 200  # of a value, so that no walk through it can fill the stack


class Meter:
    """What one evaluation has used so far."""

    __slots__ = ("budget", "depth", "steps")

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.steps = 0
        self.depth = 0

    def step(self, count: int = 1) -> None:
        self.steps += count
        if self.steps > self.budget.steps:
            raise FeelBudgetExceeded("steps", self.budget.steps)

    def enter(self, height: int) -> None:
        self.depth += height
        if self.depth > self.budget.depth:
            raise FeelBudgetExceeded("levels of depth", self.budget.depth)

    def leave(self, height: int) -> None:
        self.depth -= height

    def length(self, count: int) -> None:
        if count > self.budget.list_length:
            raise FeelBudgetExceeded("list items", self.budget.list_length)

    def size(self, count: int) -> None:
        if count > self.budget.string_size:
            raise FeelBudgetExceeded("characters in a string", self.budget.string_size)

    def measure(self, value: object) -> None:
        """Counts the parts of a list or context before something walks through all of them. Parts that are shared
        count each time they are met: forty lists of two can stand for a million million items."""
        pending: list[tuple[object, int]] = [(value, 0)]
        while pending:
            part, nesting = pending.pop()
            if type(part) is list:
                inner: Iterable[object] = part
            elif type(part) is dict:
                inner = part.values()
            else:
                continue
            if nesting > _MAX_NESTING:
                raise FeelBudgetExceeded("levels of nesting", _MAX_NESTING)
            self.step(1 + len(part))
            pending.extend((item, nesting + 1) for item in inner if type(item) is list or type(item) is dict)
