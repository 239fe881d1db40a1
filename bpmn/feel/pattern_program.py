"""Instructions of the matcher. A program is a tuple; each instruction is (operation, argument, argument)."""

from dataclasses import dataclass
from typing import Any, TypeAlias

TEST, SPLIT, JUMP, SAVE, LINE_START, LINE_END, BACK, MATCH = range(8)
Instruction: TypeAlias = tuple[int, Any, Any]
MAX_PROGRAM = 5_000


class PatternError(Exception):
    """The pattern is none of XPath's; the function's result is null."""


@dataclass(frozen=True, slots=True)
class Program:
    """`groups` without group 0; `multiline`: whether ^ and $ match at lines; `references`: whether it has \\N."""

    code: tuple[Instruction, ...]
    groups: int
    multiline: bool
    references: bool
    ignore_case: bool
