"""What a dry run begins later: processes whose start is a timer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

Begin = Callable[[], None]


@dataclass
class Planned:
    waiting: list[tuple[datetime, Begin]] = field(default_factory=list)

    def add(self, at: datetime, begin: Begin) -> None:
        self.waiting.append((at, begin))

    def take(self, before: datetime | None) -> tuple[datetime, Begin] | None:
        """The earliest, unless a timer of those that run comes first, at ``before``."""
        first = min(self.waiting, key=lambda one: one[0], default=None)
        if first is None or (before is not None and before < first[0]):
            return None
        self.waiting.remove(first)
        return first
