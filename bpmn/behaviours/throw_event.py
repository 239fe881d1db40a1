"""Throw and end events: the throw waits for its turn, so that every catch of this round is armed before it."""

from __future__ import annotations

from bpmn.elements.node import Node
from bpmn.instance.token import Token
from bpmn.run.activity import complete
from bpmn.run.jobs import start_job
from bpmn.run.run import Run


class ThrowEvent:
    def enter(self, run: Run, token: Token, node: Node) -> None:
        if node.job is not None:
            start_job(run, token, node, node.job)
        elif all(definition.kind == "link" for definition in node.events):
            complete(run, token, node, {})
        else:
            held = run.edit_token(token.key)
            held.status = "waiting"
            run.push_throw(held)


BEHAVIOURS = {"intermediateThrowEvent": ThrowEvent(), "endEvent": ThrowEvent()}
