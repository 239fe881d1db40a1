"""The DMN error tree: DmnError > DmnReadError, UnknownElement.

What goes wrong inside an evaluation is no exception: the value is null and a warning says why (DMN 1.5, 10.3.2.1)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that stands in the way of a deployment. `rule` is a stable name, `line` counts from 1, 0 unknown."""

    rule: str
    element: str
    name: str
    line: int
    message: str
    remedy: str

    def __str__(self) -> str:
        what = self.name or self.element
        return f"Line {self.line}, {what}: {self.message} {self.remedy} [{self.rule}]"


class DmnError(Exception):
    """The root of what this package raises, besides the errors of FEEL."""


class DmnReadError(DmnError):
    """The file cannot be deployed; `problems` lists everything found."""

    def __init__(self, source: str, problems: tuple[Problem, ...]) -> None:
        super().__init__(f"{source} has {len(problems)} problem(s): " + " ".join(str(problem) for problem in problems))
        self.source = source
        self.problems = problems

    def __reduce__(self) -> tuple[type, tuple[str, tuple[Problem, ...]]]:
        return DmnReadError, (self.source, self.problems)


class UnknownElement(DmnError):
    """No decision or decision service has this id or name."""
