"""A counted budget for one evaluation: never timed, so a replay stops at the very same place."""

from collections.abc import Iterable
from dataclasses import dataclass

from bpmn.feel.errors import FeelBudgetExceeded


@dataclass(frozen=True, slots=True)
class Budget:
    """`steps`: iterations, calls and pattern-matching steps; `depth`: expression levels on the stack, summed over
    nested function calls; `list_length` and `string_size`: the largest list (items) and string (characters) made;
    `text_size`: characters of all strings of a value that is written out, such as the result."""

    steps: int = 200_000
    depth: int = 320
    list_length: int = 50_000
    string_size: int = 1_000_000
    text_size: int = 4_000_000


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

    def read(self, text: str) -> None:
        """Before something goes through a string: a step for every 64 characters."""
        if len(text) > 255:
            self.step(len(text) // 64)

    def measure(self, value: object) -> None:
        """Counts the parts of a list or context before something walks through all of them. Parts that are shared
        count each time they are met: forty lists of two can stand for a million million items."""
        self._walk(value)

    def written(self, value: object) -> None:
        """As `measure`, and the strings too: a list that holds a long text a thousand times is short until written."""
        kind = type(value)
        if kind is list or kind is dict:
            if self._walk(value) > self.budget.text_size:
                raise FeelBudgetExceeded("characters in a value", self.budget.text_size)
        elif kind is str:
            self.size(len(value))  # type: ignore[arg-type]

    def _walk(self, value: object) -> int:
        """The characters of all strings within."""
        text = 0
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
            for item in inner:
                kind = type(item)
                if kind is list or kind is dict:
                    pending.append((item, nesting + 1))
                elif kind is str:
                    text += len(item)  # type: ignore[arg-type]
        return text
