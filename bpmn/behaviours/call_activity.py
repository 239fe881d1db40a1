"""Call activity: the callee is pinned when the token enters, and runs as a scope of this execution."""

from __future__ import annotations

from bpmn.commands import ResolveDefinition
from bpmn.elements.details import Call
from bpmn.elements.node import Node
from bpmn.errors import Failure
from bpmn.events import GraphRef
from bpmn.instance.scope import Scope
from bpmn.instance.token import Token
from bpmn.run.evaluate import text
from bpmn.run.jobs import wait_self
from bpmn.run.run import Run
from bpmn.run.scopes import start
from bpmn.run.variables import snapshot, visible

MAXIMUM_DEPTH = 50


class CallActivity:
    def enter(self, run: Run, token: Token, node: Node) -> None:
        detail = node.detail
        assert isinstance(detail, Call)
        called = text(run, detail.process_id, visible(run, token), token.scope, "The called process")
        here = run.ref(token.scope)
        _check_depth(run, token)
        if detail.binding == "deployment" and called in run.graphs[here.hash].processes:
            run.edit_token(token.key).status = "waiting"
            open_call(run, token, node, GraphRef(here.hash, called))
            return
        wait = wait_self(run, token, node, "definition")
        run.commands.append(ResolveDefinition(wait.key, called, detail.binding, detail.version_tag, here))


def _check_depth(run: Run, token: Token) -> None:
    depth, scope = 0, run.scopes[token.scope]
    while scope.owner:
        depth += scope.kind == "process"
        scope = run.scopes[scope.parent]
    if depth >= MAXIMUM_DEPTH:
        raise Failure("call-depth", f"{MAXIMUM_DEPTH} calls are open inside each other: a circle of calls.")


def open_call(run: Run, token: Token, node: Node, ref: GraphRef) -> None:
    graph = run.graphs.get(ref.hash)
    if graph is None or ref.process_id not in graph.processes:
        raise Failure("definition", f"The called process '{ref.process_id}' is not there.")
    initial = graph.processes[ref.process_id].container.initial
    if not initial:
        raise Failure("definition", f"The called process '{ref.process_id}' has no none start event.")
    detail = node.detail
    assert isinstance(detail, Call)
    variables = snapshot(run, token) if detail.parent_variables else dict(token.locals or {})
    outer = run.scopes[token.scope]
    scope = Scope(run.key(), "process", ref.process_id, ref.process_id, ref.hash, outer.key, token.key, variables)
    run.new_scope(scope)
    run.edit_token(token.key).inner = scope.key
    start(run, scope, initial)


BEHAVIOURS = {"callActivity": CallActivity()}
