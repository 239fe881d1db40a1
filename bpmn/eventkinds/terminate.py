"""Terminate end: the enclosing scope ends at once, without compensation; scopes around it go on (§13.5.6)."""

from __future__ import annotations

from bpmn.elements.events import TerminateDefinition
from bpmn.elements.node import Node
from bpmn.eventkinds.kind import EventKind
from bpmn.instance.token import Token
from bpmn.run.cancel import cancel_content
from bpmn.run.run import Run


class TerminateKind(EventKind):
    kind = "terminate"
    positions = ("end",)

    def throw(self, run: Run, token: Token, node: Node, definition: TerminateDefinition) -> bool:
        run.log("thrown", token)
        cancel_content(run, token.scope, node.id, spare=token.key)
        return True
