"""A token stands at one node of one scope."""

from __future__ import annotations

from dataclasses import dataclass

from bpmn.values import Json


@dataclass(slots=True)
class Token:
    """``flow`` is the sequence flow it came by. ``status``: ready, waiting, joining or incident.

    ``locals`` are the variables of the activity it stands in, ``carry`` those that travel with it from a spawning
    event (a rung) until the token ends. ``inner`` is the scope that its activity opened, 0 for none. ``index`` is the
    1-based position of a loop instance in its body scope, 0 for any other token. ``memory`` is what a joining event
    has caught so far.
    """

    key: int
    scope: int
    node: str
    flow: str = ""
    status: str = "ready"
    locals: dict[str, Json] | None = None
    carry: dict[str, Json] | None = None
    waits: tuple[int, ...] = ()
    inner: int = 0
    index: int = 0
    deadlines: tuple[int, ...] = ()
    pauses: tuple[int, ...] = ()
    memory: tuple[int, ...] = ()

    def copy(self) -> Token:
        return Token(
            self.key,
            self.scope,
            self.node,
            self.flow,
            self.status,
            None if self.locals is None else dict(self.locals),
            self.carry,
            self.waits,
            self.inner,
            self.index,
            self.deadlines,
            self.pauses,
            self.memory,
        )
