"""What every event kind says of itself: where it may stand, how it is armed and how it is thrown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bpmn.elements.node import Node
from bpmn.errors import Failure
from bpmn.instance.token import Token
from bpmn.instance.wait import Wait
from bpmn.run.run import Run
from bpmn.run.variables import visible, visible_in

# Positions: start (of a process), substart (of an event subprocess), catch, boundary, throw, end.


@dataclass(frozen=True, slots=True)
class Catch:
    """One catch to arm. ``token`` is who waits, None for an event subprocess, which its scope arms."""

    run: Run
    role: str
    scope: int
    token: Token | None
    node: Node
    index: int

    def context(self) -> Mapping[str, Any]:
        return visible(self.run, self.token) if self.token is not None else visible_in(self.run, self.scope)

    def wait(self, kind: str, **fields: Any) -> Wait:
        owner = self.token.key if self.token is not None else 0
        wait = Wait(self.run.key(), kind, self.role, self.scope, owner, self.node.id, self.index, **fields)
        return self.run.wait_for(wait, of_scope=self.token is None)


class EventKind:
    """Default: a kind that needs no arming (errors and escalations find their catchers when thrown)."""

    kind: str = ""
    positions: tuple[str, ...] = ()
    # Event subprocess starts and boundary events that always interrupt.
    interrupts: bool = False

    def arm(self, catch: Catch, definition: Any) -> None:
        return None

    def throw(self, run: Run, token: Token, node: Node, definition: Any) -> bool:
        """True when the token goes on at once; False when it is gone or waits."""
        raise Failure("event-kind", f"A {self.kind} event cannot be thrown.")
