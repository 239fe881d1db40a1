"""Receive task: waits for its message."""

from __future__ import annotations

from bpmn.elements.details import Receive
from bpmn.elements.node import Node
from bpmn.eventkinds.kind import Catch
from bpmn.eventkinds.message import subscribe
from bpmn.instance.token import Token
from bpmn.run.run import Run


class ReceiveTask:
    def enter(self, run: Run, token: Token, node: Node) -> None:
        assert isinstance(node.detail, Receive)
        run.edit_token(token.key).status = "waiting"
        subscribe(Catch(run, "self", token.scope, token, node, 0), node.detail.message)


BEHAVIOURS = {"receiveTask": ReceiveTask()}
