"""Signal events: to every catch of this instance in the same step, in order, and to all other instances."""

from __future__ import annotations

from bpmn.commands import BroadcastSignal, OpenSignal
from bpmn.elements.events import SignalDefinition
from bpmn.elements.node import Node
from bpmn.eventkinds.kind import Catch, EventKind
from bpmn.instance.token import Token
from bpmn.run.catching import fire
from bpmn.run.evaluate import text
from bpmn.run.mapping import local_payload
from bpmn.run.run import Run
from bpmn.run.variables import visible


class SignalKind(EventKind):
    kind = "signal"
    positions = ("start", "substart", "catch", "boundary", "throw", "end")

    def arm(self, catch: Catch, definition: SignalDefinition) -> None:
        name = text(catch.run, definition.signal.name, catch.context(), catch.scope, "The signal name")
        wait = catch.wait("signal", name=name)
        catch.run.commands.append(OpenSignal(wait.key, catch.node.id, name))

    def throw(self, run: Run, token: Token, node: Node, definition: SignalDefinition) -> bool:
        name = text(run, definition.signal.name, visible(run, token), token.scope, "The signal name")
        payload = local_payload(token)
        run.log("thrown", token, name)
        run.commands.append(BroadcastSignal(name, payload))
        matching = [wait for wait in run.waits.values() if wait.kind == "signal" and wait.name == name]
        for wait in sorted(matching, key=lambda wait: (wait.scope, wait.key)):
            if wait.key in run.waits:
                fire(run, run.waits[wait.key], payload)
        return token.key in run.tokens
