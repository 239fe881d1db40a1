"""Error events: always interrupting, caught in the innermost scope that knows the code or any code."""

from __future__ import annotations

from bpmn.elements.events import ErrorDefinition
from bpmn.elements.node import Node
from bpmn.errors import Failure
from bpmn.eventkinds.kind import EventKind
from bpmn.instance.token import Token
from bpmn.run.mapping import local_payload
from bpmn.run.run import Run
from bpmn.run.throwing import deliver, find_catcher, thrown_code
from bpmn.values import Variables


class ErrorKind(EventKind):
    kind = "error"
    positions = ("substart", "boundary", "end")
    interrupts = True

    def throw(self, run: Run, token: Token, node: Node, definition: ErrorDefinition) -> bool:
        throw_error(run, token, thrown_code(run, token, definition.error), "", local_payload(token))
        return False


def throw_error(run: Run, token: Token, code: str, message: str, variables: Variables) -> None:
    catcher = find_catcher(run, token, "error", code)
    if catcher is None:
        why = f": {message}" if message else "."
        raise Failure("uncaught-error", f"No event catches the error '{code}'{why}")
    run.log("thrown", token, code)
    deliver(run, catcher, variables)
