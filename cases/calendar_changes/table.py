"""A calendar table before it is published: what a document says about the days of some years."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from cases.calendars import Published
from cases.deadlines.calendar import DayRow
from cases.errors import Invalid

FIRST_YEAR, LAST_YEAR = 2004, 2100


@dataclass(frozen=True, slots=True)
class TableProblem:
    """``line`` counts from 1; ``remedy`` says what to write instead. Both sentences are for the person who imports."""

    line: int
    sentence: str
    remedy: str

    def __str__(self) -> str:
        return f"第{self.line}行：{self.sentence}{self.remedy}"


class TableRefused(Invalid):
    """Everything that is wrong with the file, at once."""

    def __init__(self, problems: Sequence[TableProblem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: problem.line))
        super().__init__({f"line{number}": str(one) for number, one in enumerate(self.problems)})


@dataclass(frozen=True, slots=True)
class Table:
    """``layer``: national, the name of a policy pack, or a six-digit region code. ``document``: its 文号 or title.

    A year without days is meaningful: the layer says that it has no days of its own in that year.
    """

    layer: str
    version: str
    document: str
    years: tuple[int, ...]
    rows: tuple[DayRow, ...]

    @property
    def content(self) -> str:
        """SHA-256 of what the table says, whatever the format and order of its file."""
        rows = [[row.day.isoformat(), row.kind.value, row.name] for row in sorted(self.rows, key=lambda row: row.day)]
        said = [self.layer, self.version, self.document, sorted(self.years), rows]
        return sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()

    def published(self) -> Published:
        return Published(self.layer, self.version, self.years, self.rows)
