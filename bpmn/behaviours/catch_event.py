"""Intermediate catch events wait; a link catch is only the place where a link arrives."""

from __future__ import annotations

from bpmn.elements.node import Node
from bpmn.instance.token import Token
from bpmn.run.activity import complete
from bpmn.run.arming import arm
from bpmn.run.run import Run


class CatchEvent:
    def enter(self, run: Run, token: Token, node: Node) -> None:
        if all(definition.kind == "link" for definition in node.events):
            complete(run, token, node, {})
            return
        run.edit_token(token.key).status = "waiting"
        arm(run, "self", token.scope, token, node)


BEHAVIOURS = {"intermediateCatchEvent": CatchEvent()}
