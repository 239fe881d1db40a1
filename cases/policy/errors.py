"""Errors of policy packs.

PolicyError
├── PackInvalid         a pack that does not load: every problem at once
├── UnknownChannel      a channel code that the pack neither lists nor catches with OTHER
└── UnknownDeadline     a deadline name that the pack does not define
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """`path` is the dotted key inside `file`; `expected` and `remedy` are whole sentences."""

    file: str
    path: str
    expected: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}: {self.path}: {self.expected} {self.remedy}"


class PolicyError(ValueError):
    pass


class PackInvalid(PolicyError):
    def __init__(self, pack: str, problems: Sequence[Problem]) -> None:
        self.pack = pack
        self.problems = tuple(problems)
        lines = "\n".join(f"- {problem}" for problem in problems)
        super().__init__(f"Policy pack {pack!r} does not load; {len(problems)} problem(s):\n{lines}")


class UnknownChannel(PolicyError):
    pass


class UnknownDeadline(PolicyError):
    pass
