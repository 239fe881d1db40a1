"""Inclusive gateway: every true condition, else the default; its join is judged at quiescence (§13.4.3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bpmn.elements.node import Node
from bpmn.errors import Failure
from bpmn.instance.token import Token
from bpmn.run.evaluate import condition
from bpmn.run.flow import consume, join, take
from bpmn.run.run import Run
from bpmn.run.variables import Visible, layers_of, visible


class InclusiveGateway:
    def enter(self, run: Run, token: Token, node: Node) -> None:
        if len(node.incoming) > 1:
            join(run, token, node)
        else:
            split(run, token, node)


def split(run: Run, token: Token, node: Node, attributes: Mapping[str, Any] | None = None) -> None:
    """``attributes``: what the conditions see beside the variables."""
    flows = node.outgoing
    if not flows:
        run.log("completed", token)
        consume(run, token)
        return
    if len(flows) > 1 or flows[0].condition is not None:
        context = visible(run, token)
        if attributes:
            context = Visible([dict(attributes), *layers_of(run, token.scope, token)])
        chosen = [
            flow
            for flow in flows
            if flow.id != node.default
            and (flow.condition is None or condition(run, flow.condition, context, token.scope))
        ]
        flows = tuple(chosen or [flow for flow in flows if flow.id == node.default])
    if not flows:
        raise Failure("no-flow", f"No condition of gateway '{node.name or node.id}' is true and it has no default.")
    run.log("completed", token)
    take(run, token, node, flows)


BEHAVIOURS = {"inclusiveGateway": InclusiveGateway()}
