"""The state of one process instance: plain data, complete, serialisable.

A ``State`` and what it holds are never changed once a step has returned it: a step copies what it touches.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from bpmn.instance.deadline import Deadline
from bpmn.instance.incident import Incident
from bpmn.instance.scope import Scope
from bpmn.instance.token import Token
from bpmn.instance.wait import Wait

STATE_VERSION = 2


@dataclass(slots=True)
class State:
    """``status``: running, completed or cancelled. Keys of every kind come from the one counter ``next_key``."""

    business_key: str
    root: int = 1
    status: str = "running"
    next_key: int = 1
    steps: int = 0
    version: int = STATE_VERSION
    # Rules of ``bpmn.semantics``. The default is left out of the stored text, so it stays 1 for ever.
    semantics: int = 1
    scopes: dict[int, Scope] = field(default_factory=dict)
    tokens: dict[int, Token] = field(default_factory=dict)
    waits: dict[int, Wait] = field(default_factory=dict)
    conditions: dict[int, None] = field(default_factory=dict)
    deadlines: dict[int, Deadline] = field(default_factory=dict)
    incidents: dict[int, Incident] = field(default_factory=dict)

    def graph_hashes(self) -> tuple[str, ...]:
        """The graphs that open scopes use, or would use to undo what completed, in the order of their scopes."""
        found: dict[str, None] = {}
        for scope in self.scopes.values():
            found[scope.graph] = None
            for record in (*scope.compensations, *scope.queue):
                found.update(dict.fromkeys(record.graphs()))
        return tuple(found)
