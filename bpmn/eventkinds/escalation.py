"""Escalation events: the thrower goes on unless its catcher interrupts it; nobody catching is no fault."""

from __future__ import annotations

from bpmn.elements.events import EscalationDefinition
from bpmn.elements.node import Node
from bpmn.eventkinds.kind import EventKind
from bpmn.instance.token import Token
from bpmn.run.mapping import local_payload
from bpmn.run.run import Run
from bpmn.run.throwing import deliver, find_catcher, thrown_code
from bpmn.values import Variables


class EscalationKind(EventKind):
    kind = "escalation"
    positions = ("substart", "boundary", "throw", "end")

    def throw(self, run: Run, token: Token, node: Node, definition: EscalationDefinition) -> bool:
        escalate(run, token, thrown_code(run, token, definition.escalation), local_payload(token))
        return token.key in run.tokens


def escalate(run: Run, token: Token, code: str, variables: Variables) -> None:
    run.log("thrown", token, code)
    catcher = find_catcher(run, token, "escalation", code)
    if catcher is not None:
        deliver(run, catcher, variables)
