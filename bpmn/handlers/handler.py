"""One external event: why it may not be applied now, and how it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bpmn.instance.wait import Wait
from bpmn.model import Graph
from bpmn.run.run import Run
from bpmn.state import State
from bpmn.step import Refusal


class Handler:
    # Whether an event whose step failed is kept as an incident, to be tried again; else it is refused as a whole.
    keeps = True

    def check(self, graphs: Mapping[str, Graph], state: State, event: Any) -> Refusal | None:
        return None

    def apply(self, run: Run, event: Any) -> None:
        # Every handler of the table has its own; one without it is a defect that the first event shows.
        raise NotImplementedError

    def target(self, state: State, event: Any) -> int:
        """The token that an incident of this event would stand on; 0 for the instance as a whole."""
        return 0


class WaitHandler(Handler):
    """An event that answers one open wait by its key."""

    kind = ""
    field = ""
    closed = ""
    sentence = ""

    def key(self, event: Any) -> int:
        return getattr(event, self.field)  # type: ignore[no-any-return]

    def check(self, graphs: Mapping[str, Graph], state: State, event: Any) -> Refusal | None:
        wait = state.waits.get(self.key(event))
        if wait is None or wait.kind != self.kind:
            return Refusal(self.closed, self.sentence.format(key=self.key(event)))
        return None

    def target(self, state: State, event: Any) -> int:
        wait = state.waits.get(self.key(event))
        return 0 if wait is None else wait.token

    def wait(self, run: Run, event: Any) -> Wait:
        return run.waits[self.key(event)]
