"""Nodes that complete at once: none events, and the tasks that no system executes (§13.3.3: manual and abstract)."""

from __future__ import annotations

from bpmn.elements.node import Node
from bpmn.instance.token import Token
from bpmn.run.activity import complete
from bpmn.run.run import Run


class PassThrough:
    def enter(self, run: Run, token: Token, node: Node) -> None:
        complete(run, token, node, {})


BEHAVIOURS = {
    "startEvent": PassThrough(),
    "boundaryEvent": PassThrough(),
    "task": PassThrough(),
    "manualTask": PassThrough(),
}
