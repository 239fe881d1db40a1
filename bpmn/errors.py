"""What can go wrong, as one tree.

BpmnError
├── DeploymentRefused     a file that will not be run, with every problem that it has
├── EventRefused          an event that does not fit the state (``check`` says so beforehand)
└── Failure               an expected failure while a token moves: becomes an incident on that token
"""

from __future__ import annotations

from dataclasses import dataclass

from bpmn.step import Refusal


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason to refuse a file: which rule, at which element, and what to do about it."""

    rule: str
    element_id: str
    name: str
    line: int
    message: str
    remedy: str

    def __str__(self) -> str:
        place = f"line {self.line}" if self.line else "the file"
        called = f" '{self.name}'" if self.name else ""
        return f"[{self.rule}] {self.element_id or 'definitions'}{called} ({place}): {self.message} {self.remedy}"


class BpmnError(Exception):
    """Everything that the engine raises on purpose."""


class DeploymentRefused(BpmnError):
    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class EventRefused(BpmnError):
    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.sentence)
        self.refusal = refusal


class Failure(BpmnError):
    """``rule`` is a stable name for statistics and tests, ``reason`` a sentence for the operator."""

    def __init__(self, rule: str, reason: str) -> None:
        super().__init__(reason)
        self.rule = rule
        self.reason = reason
