"""Event-based gateway: one race among the events and receive tasks after it (§13.4.4)."""

from __future__ import annotations

from bpmn.elements.details import Receive
from bpmn.elements.node import Node
from bpmn.eventkinds.kind import Catch
from bpmn.eventkinds.message import subscribe
from bpmn.instance.token import Token
from bpmn.run.arming import arm
from bpmn.run.flow import take
from bpmn.run.run import Run


class EventBasedGateway:
    def enter(self, run: Run, token: Token, node: Node) -> None:
        if node.parallel_race:
            # §10.6.6: a start that names no event waits for each of them.
            run.log("completed", token)
            take(run, token, node, node.outgoing)
            return
        run.edit_token(token.key).status = "waiting"
        nodes = run.graph(token.scope).nodes
        for flow in node.outgoing:
            target = nodes[flow.target]
            if isinstance(target.detail, Receive):
                subscribe(Catch(run, "gateway", token.scope, token, target, 0), target.detail.message)
            else:
                arm(run, "gateway", token.scope, token, target)


BEHAVIOURS = {"eventBasedGateway": EventBasedGateway()}
