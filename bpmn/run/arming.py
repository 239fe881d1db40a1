"""Catches are armed: of a token's own node, of the boundaries of its activity, of a scope's event subprocesses."""

from __future__ import annotations

from bpmn.elements.node import Node
from bpmn.eventkinds.kind import Catch
from bpmn.eventkinds.table import KINDS
from bpmn.instance.token import Token
from bpmn.run.catching import fire
from bpmn.run.run import Run


def arm(run: Run, role: str, scope_key: int, token: Token | None, node: Node) -> None:
    for index, definition in enumerate(node.events):
        KINDS[definition.kind].arm(Catch(run, role, scope_key, token, node, index), definition)


def arm_rest(run: Run, token: Token, node: Node, caught: int) -> None:
    """A parallel multiple start of which one definition has been caught waits for the others."""
    run.edit_token(token.key).status = "waiting"
    arm(run, "self", token.scope, token, node)
    for key in run.tokens[token.key].waits:
        if run.waits[key].index == caught:
            fire(run, run.waits[key], {})
            return


def arm_boundaries(run: Run, token: Token, node: Node) -> None:
    nodes = run.graph(token.scope).nodes
    for key in node.boundaries:
        arm(run, "boundary", token.scope, token, nodes[key])


def arm_scope(run: Run, scope_key: int) -> None:
    graph = run.graph(scope_key)
    for key in graph.container(run.scopes[scope_key].element).event_subprocesses:
        container = graph.nodes[key].container
        for start in container.starts if container is not None else ():
            arm(run, "start", scope_key, None, graph.nodes[start])
