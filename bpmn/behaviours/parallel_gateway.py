"""Parallel gateway: waits for one token on each incoming flow, sends one along each outgoing flow (§13.4.1)."""

from __future__ import annotations

from bpmn.elements.node import Node
from bpmn.instance.token import Token
from bpmn.run.flow import consume, drop, join, take, unjoin
from bpmn.run.run import Run


class ParallelGateway:
    def enter(self, run: Run, token: Token, node: Node) -> None:
        if len(node.incoming) > 1:
            first: dict[str, int] = {}
            for key in join(run, token, node):
                # A token that an operator put here came by no flow and takes the place of one that is missing.
                flow = run.tokens[key].flow
                if flow not in first:
                    first[flow] = key
            if len(first) < len(node.incoming):
                return
            keys = list(first.values())
            token = run.edit_token(keys[0])
            for key in keys[1:]:
                drop(run, run.tokens[key])
            unjoin(run, token)
            token.status = "ready"
        run.log("completed", token)
        if node.outgoing:
            take(run, token, node, node.outgoing)
        else:
            consume(run, token)


BEHAVIOURS = {"parallelGateway": ParallelGateway()}
