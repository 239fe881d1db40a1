"""The open timers of one execution. One durable timer at a time: the earliest."""

from __future__ import annotations

from datetime import datetime

from bpmn.commands import SetTimer


class Timers:
    """Ordered by (instant, key), so that timers of the same instant fire in the order they were armed."""

    def __init__(self) -> None:
        self._open: dict[int, tuple[datetime, SetTimer]] = {}

    def set(self, command: SetTimer) -> None:
        self._open[command.timer_key] = (datetime.fromisoformat(command.at), command)

    def cancel(self, timer_key: int) -> None:
        self._open.pop(timer_key, None)

    def earliest(self) -> tuple[datetime, SetTimer] | None:
        if not self._open:
            return None
        return min(self._open.values(), key=lambda item: (item[0], item[1].timer_key))

    def is_open(self, command: SetTimer) -> bool:
        """False once the timer was cancelled or re-armed to something else."""
        current = self._open.get(command.timer_key)
        return current is not None and current[1] == command
