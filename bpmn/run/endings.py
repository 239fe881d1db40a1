"""A scope has no token left: what that means, by kind of scope."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from bpmn.commands import CompleteInstance
from bpmn.elements.details import Call
from bpmn.errors import Failure
from bpmn.instance.scope import Scope
from bpmn.run import compensation
from bpmn.run.activity import complete, finish
from bpmn.run.cancel import close_scope
from bpmn.run.catching import boundary
from bpmn.run.flow import consume
from bpmn.run.listeners import ends_later
from bpmn.run.loops import body_variables
from bpmn.run.run import Run
from bpmn.run.variables import assign


def end_scope(run: Run, scope_key: int) -> None:
    scope = run.scopes.get(scope_key)
    if scope is not None and not scope.tokens:
        ENDINGS[scope.kind](run, scope)


def _process(run: Run, scope: Scope) -> None:
    if ends_later(run, scope):
        return
    if not scope.owner:
        variables = scope.variables
        close_scope(run, scope.key)
        run.status = "completed"
        run.commands.append(CompleteInstance(dict(variables)))
        return
    token = run.edit_token(scope.owner)
    node = run.node(token)
    assert isinstance(node.detail, Call)
    returned = dict(scope.variables) if node.detail.child_variables or node.outputs else {}
    complete(run, token, node, returned)


def _subprocess(run: Run, scope: Scope) -> None:
    token = run.edit_token(scope.owner)
    complete(run, token, run.node(token), {})


def _event(run: Run, scope: Scope) -> None:
    token = run.edit_token(scope.owner)
    run.log("completed", token)
    close_scope(run, scope.key)
    token.inner = 0
    consume(run, token)


def _loop(run: Run, scope: Scope) -> None:
    token = run.edit_token(scope.owner)
    node = run.node(token)
    variables = body_variables(run, scope, node)
    if variables:
        # Output mappings ran with each instance; the collection goes out as it is.
        assign(run, token, variables, from_local=False)
    finish(run, token, node)


def _ad_hoc(run: Run, scope: Scope) -> None:
    token = run.edit_token(scope.owner)
    node = run.node(token)
    detail = node.detail
    queue = scope.phases.get("queue", ())
    if queue and scope.ending != "complete":
        held = run.edit_scope(scope.key)
        held.phases["queue"] = queue[1:]
        run.push("enter", run.new_token(scope.key, queue[0]))
        return
    waits_for_people = getattr(detail, "discretionary", False) and scope.ending != "complete"
    if not waits_for_people or getattr(detail, "completion", None) is None:
        name = getattr(detail, "output_collection", None)
        complete(run, token, node, {} if name is None else {name: scope.variables.get(name)})


def _transaction(run: Run, scope: Scope) -> None:
    if scope.ending != "cancel":
        _subprocess(run, scope)
        return
    token = run.tokens[scope.owner]
    graph = run.graph(token.scope)
    host = token
    if token.index:
        host = run.tokens[run.scopes[token.scope].owner]
    node = run.node(host)
    for key in node.boundaries:
        if any(definition.kind == "cancel" for definition in graph.nodes[key].events):
            boundary(run, host, graph.nodes[key], {})
            return
    raise Failure("cancel-boundary", f"The transaction '{node.name or node.id}' was cancelled and has no cancel event.")


def _compensation(run: Run, scope: Scope) -> None:
    if compensation.next_handler(run, scope.key):
        return
    token = run.edit_token(scope.owner)
    aside = scope.ending == "aside"
    close_scope(run, scope.key)
    token.inner = 0
    if aside:
        consume(run, token)
    else:
        complete(run, token, run.node(token), {})


ENDINGS: Mapping[str, Callable[[Run, Scope], None]] = MappingProxyType(
    {
        "process": _process,
        "subprocess": _subprocess,
        "transaction": _transaction,
        "event": _event,
        "loop": _loop,
        "adhoc": _ad_hoc,
        "compensation": _compensation,
    }
)
