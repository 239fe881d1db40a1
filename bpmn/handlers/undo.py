"""An operator's act is taken back, as long as nothing has happened since and nobody outside has been told of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bpmn import codec
from bpmn import commands as c
from bpmn.errors import BpmnError
from bpmn.events import OperationUndone
from bpmn.handlers import operator
from bpmn.handlers.handler import Handler
from bpmn.model import Graph
from bpmn.run.agenda import TooManyMoves, drain
from bpmn.run.restore import restore
from bpmn.run.run import Run
from bpmn.semantics import rules_of
from bpmn.state import State
from bpmn.step import Refusal

# What the work list can take back. A job that has begun, a message sent, a clock of the law ended cannot be.
REVERSIBLE = (
    c.CreateTask, c.CloseTask, c.SetTimer, c.CancelTimer, c.OpenSubscription, c.CloseSubscription, c.OpenSignal,
    c.CloseSignal, c.RaiseIncident, c.ResolveIncident,
)  # fmt: skip


class UndoOperation(Handler):
    keeps = False

    def check(self, graphs: Mapping[str, Graph], state: State, event: OperationUndone) -> Refusal | None:
        """Does the act again on the state before: only where that gives the state of now has nothing happened since."""
        before = codec.load_state(event.before)
        if any(hash_ not in graphs for hash_ in before.graph_hashes()):
            return Refusal("undo-model", "The act ended a called process, which cannot be brought back.")
        done = _again(graphs, before, event)
        if done is None or codec.dump_state(done[0]) != codec.dump_state(state):
            return Refusal("undo-late", "A step has happened since: the act can no longer be undone.")
        lasting = [type(command).__name__ for command in done[1] if not isinstance(command, REVERSIBLE)]
        if lasting:
            return Refusal("undo-effect", f"The act has had an effect outside ({lasting[0]}): it cannot be undone.")
        return None

    def apply(self, run: Run, event: OperationUndone) -> None:
        restore(run, codec.load_state(event.before), event.marks)


def _again(
    graphs: Mapping[str, Graph], before: State, event: OperationUndone
) -> tuple[State, tuple[c.Command, ...]] | None:
    run = Run(graphs, before, datetime.fromisoformat(event.at))
    try:
        operator.HANDLERS[type(event.operation)].apply(run, event.operation)
        if run.again is not None:
            return None
        drain(run)
    except (BpmnError, TooManyMoves, KeyError):
        return None
    return run.finish(), rules_of(before.semantics).arrange(run.commands, before.next_key)


HANDLERS: Mapping[type, Handler] = {OperationUndone: UndoOperation()}
