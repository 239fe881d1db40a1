"""Exclusive gateway: the first true condition in document order, the default only if none is (§13.4.2)."""

from __future__ import annotations

from bpmn.elements.node import Node
from bpmn.errors import Failure
from bpmn.instance.token import Token
from bpmn.run.evaluate import condition
from bpmn.run.flow import consume, take
from bpmn.run.run import Run
from bpmn.run.variables import visible


class ExclusiveGateway:
    def enter(self, run: Run, token: Token, node: Node) -> None:
        flows = node.outgoing
        if len(flows) == 1 and flows[0].condition is None:
            run.log("completed", token)
            take(run, token, node, flows)
            return
        if not flows:
            run.log("completed", token)
            consume(run, token)
            return
        context = visible(run, token)
        chosen = None
        for flow in flows:
            if flow.id == node.default:
                continue
            if flow.condition is None or condition(run, flow.condition, context, token.scope):
                chosen = flow
                break
        if chosen is None:
            chosen = next((flow for flow in flows if flow.id == node.default), None)
        if chosen is None:
            raise Failure("no-flow", f"No condition of gateway '{node.name or node.id}' is true and it has no default.")
        run.log("completed", token)
        take(run, token, node, (chosen,))


BEHAVIOURS = {"exclusiveGateway": ExclusiveGateway()}
