"""Cancel end: a transaction stops, compensates what it completed, and is left by its cancel boundary (§13.5.4)."""

from __future__ import annotations

from bpmn.elements.events import CancelDefinition
from bpmn.elements.node import Node
from bpmn.errors import Failure
from bpmn.eventkinds.kind import EventKind
from bpmn.instance.token import Token
from bpmn.run.cancel import cancel_content
from bpmn.run.compensation import compensate
from bpmn.run.run import Run


class CancelKind(EventKind):
    kind = "cancel"
    positions = ("boundary", "end")
    interrupts = True

    def throw(self, run: Run, token: Token, node: Node, definition: CancelDefinition) -> bool:
        scope_key = token.scope
        while run.scopes[scope_key].kind != "transaction":
            scope = run.scopes[scope_key]
            if not scope.owner or scope.kind == "process":
                raise Failure("cancel-outside", "The cancel end event stands in no transaction.")
            scope_key = scope.parent
        run.log("thrown", token)
        # A nested subprocess may hold the thrower: the token that spans it in the transaction is stopped with the rest.
        spare = token.key if token.scope == scope_key else 0
        cancel_content(run, scope_key, node.id, spare=spare)
        run.edit_scope(scope_key).ending = "cancel"
        if spare:
            return not compensate(run, token, None, waits=True)
        stand_in = run.new_token(scope_key, node.id)
        if not compensate(run, stand_in, None, waits=True):
            run.push("complete", stand_in)
        return False
