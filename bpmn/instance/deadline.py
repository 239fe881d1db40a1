"""A live deadline as the core knows it: its name, its owner, and what the record step answered."""

from __future__ import annotations

from dataclasses import field

from bpmn.record import record


@record
class Deadline:
    """``owner`` is the key of the token or scope whose end ends the deadline. ``rungs`` are in order of instant."""

    key: int
    name: str
    owner: int
    scope: int
    element: str
    revision: int = -1
    due: str | None = None
    due_at: str | None = None
    rungs: dict[str, str] = field(default_factory=dict)
    pausers: tuple[int, ...] = ()
