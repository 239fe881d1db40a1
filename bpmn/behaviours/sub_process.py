"""Embedded subprocess, transaction, and the compensation event subprocess when its turn comes."""

from __future__ import annotations

from bpmn.elements.node import Node
from bpmn.instance.token import Token
from bpmn.run.flow import scope_done
from bpmn.run.run import Run
from bpmn.run.scopes import open_scope


class SubProcess:
    def __init__(self, kind: str) -> None:
        self.kind = kind

    def enter(self, run: Run, token: Token, node: Node) -> None:
        assert node.container is not None
        run.edit_token(token.key).status = "waiting"
        scope = open_scope(run, token, self.kind, node.id, node.container.initial)
        if not scope.tokens:
            scope_done(run, scope.key)


BEHAVIOURS = {
    "subProcess": SubProcess("subprocess"),
    "transaction": SubProcess("transaction"),
    "eventSubProcess": SubProcess("event"),
}
