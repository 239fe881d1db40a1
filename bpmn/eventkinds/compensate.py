"""Compensation events: completed activities are undone in reverse order of completion, each once (§13.5.5)."""

from __future__ import annotations

from bpmn.elements.events import CompensateDefinition
from bpmn.elements.node import Node
from bpmn.eventkinds.kind import EventKind
from bpmn.instance.token import Token
from bpmn.run.compensation import compensate
from bpmn.run.run import Run


class CompensateKind(EventKind):
    kind = "compensate"
    positions = ("substart", "boundary", "throw", "end")

    def throw(self, run: Run, token: Token, node: Node, definition: CompensateDefinition) -> bool:
        run.log("thrown", token, definition.activity or "")
        return not compensate(run, token, definition.activity, waits=definition.waits)
