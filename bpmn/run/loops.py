"""Loops: the body scope of a multi-instance activity or a standard loop, and its instances."""

from __future__ import annotations

from typing import Any

from bpmn.elements.loop import MultiInstance, StandardLoop
from bpmn.elements.node import Node
from bpmn.errors import Failure
from bpmn.instance.scope import LoopState, Scope
from bpmn.instance.token import Token
from bpmn.run.cancel import cancel_content
from bpmn.run.evaluate import condition, integer, json, kind
from bpmn.run.flow import drop, scope_done
from bpmn.run.mapping import copied, data_inputs, of_collection
from bpmn.run.run import Run
from bpmn.run.variables import Visible, layers_of, visible
from bpmn.values import Json

MAXIMUM_INSTANCES = 50_000


def open_body(run: Run, token: Token, node: Node) -> None:
    loop = node.loop
    if isinstance(loop, MultiInstance):
        items = _items(run, token, node, loop)
        state = LoopState(len(items), items=items if loop.collection is not None else ())
        state.outputs = (None,) * len(items) if loop.output_collection else ()
    else:
        assert isinstance(loop, StandardLoop)
        state = LoopState(-1)
    outer = run.scopes[token.scope]
    body = Scope(run.key(), "loop", node.id, outer.process, outer.graph, outer.key, token.key, loop=state)
    run.new_scope(body)
    run.edit_token(token.key).inner = body.key
    run.edit_token(token.key).status = "waiting"
    if isinstance(loop, MultiInstance) and not loop.sequential:
        for _ in range(state.size):
            _start(run, body.key, node)
    else:
        _next(run, body.key, node, first=True)
    if not run.scopes[body.key].tokens:
        scope_done(run, body.key)


def _items(run: Run, token: Token, node: Node, loop: MultiInstance) -> tuple[Json, ...]:
    context = visible(run, token)
    if node.data_inputs and run.rules.data_loops:
        # §10.3.8: the collection of a task is one of its data inputs.
        context = Visible([data_inputs(run, token, node), *layers_of(run, token.scope, token)])
    if loop.collection is not None:
        found = json(run, loop.collection, context, token.scope)
        if not isinstance(found, list):
            what = f"The input collection {loop.collection.text}"
            raise Failure("loop-collection", f"{what} is {kind(found)}, not a list.")
        count = len(found)
        items = tuple(found)
    else:
        assert loop.cardinality is not None
        count = integer(run, loop.cardinality, context, token.scope, "The loop cardinality")
        items = (None,) * max(count, 0) if count <= MAXIMUM_INSTANCES else ()
    if count < 0 or count > MAXIMUM_INSTANCES:
        raise Failure("loop-cardinality", f"{count} instances cannot be started.")
    return items


def _start(run: Run, body: int, node: Node) -> None:
    scope = run.edit_scope(body)
    loop = scope.loop
    assert loop is not None
    index = loop.started
    loop.started += 1
    token = run.new_token(body, node.id, index=index + 1)
    token.locals = {"loopCounter": index + 1}
    characteristics = node.loop
    if isinstance(characteristics, MultiInstance):
        if characteristics.element is not None and loop.items:
            token.locals[characteristics.element] = loop.items[index]
        own = _own_name(run, characteristics)
        if own:
            # So that instances that run at once do not overwrite each other's result.
            token.locals.setdefault(own, None)
    run.push("enter", token)


def _own_name(run: Run, loop: MultiInstance) -> str | None:
    """The variable that an instance makes for the collection; an outputDataItem is one of its own."""
    if loop.output is None:
        return None
    quoted = loop.output.text.startswith("=`") and loop.output.text.count("`") == 2 and run.rules.data_loops
    return loop.output.text.strip("=`") if quoted else loop.output.simple_name


def _next(run: Run, body: int, node: Node, *, first: bool) -> None:
    scope = run.scopes[body]
    state, loop = scope.loop, node.loop
    assert state is not None
    if isinstance(loop, MultiInstance):
        if state.started < state.size:
            _start(run, body, node)
        return
    assert isinstance(loop, StandardLoop)
    context = Visible([{"loopCounter": state.completed}, *layers_of(run, body)])
    maximum = None if loop.maximum is None else integer(run, loop.maximum, context, body, "loopMaximum")
    if maximum is not None and maximum < 0:
        raise Failure("loop-maximum", f"loopMaximum is {maximum}; it must be 0 or more.")
    if maximum is not None and state.started >= maximum:
        return
    tested = loop.condition is not None and (loop.test_before or not first)
    if not tested or (loop.condition is not None and condition(run, loop.condition, context, body)):
        _start(run, body, node)


def counts(state: LoopState, active: int) -> dict[str, Any]:
    """The runtime attributes of §10.3.8, as of the completion of one more instance."""
    return {
        "numberOfInstances": state.size,
        "numberOfActiveInstances": active,
        "numberOfCompletedInstances": state.completed + 1,
        "numberOfTerminatedInstances": state.terminated,
    }


def instance_completed(run: Run, token: Token, node: Node) -> None:
    """One instance is done: its output is kept at its place, and the body decides whether to go on."""
    scope = run.edit_scope(token.scope)
    loop, state = node.loop, scope.loop
    assert state is not None
    layers = layers_of(run, token.scope, token)
    if isinstance(loop, MultiInstance) and loop.output is not None:
        output = json(run, loop.output, Visible(layers), token.scope)
        position = token.index - 1
        state.outputs = (*state.outputs[:position], output, *state.outputs[position + 1 :])
    completed, active = state.completed + 1, len(scope.tokens) - 1
    ended = False
    if isinstance(loop, MultiInstance) and loop.completion is not None:
        ended = condition(run, loop.completion, Visible([counts(state, active), *layers]), token.scope)
    state.completed = completed
    drop(run, token)
    if ended:
        state.terminated += active
        cancel_content(run, scope.key, node.id)
    elif not (isinstance(loop, MultiInstance) and not loop.sequential):
        _next(run, scope.key, node, first=False)
    if not run.scopes[scope.key].tokens:
        scope_done(run, scope.key)


def body_variables(run: Run, scope: Scope, node: Node) -> dict[str, Json]:
    loop = node.loop
    if not isinstance(loop, MultiInstance) or not loop.output_collection or scope.loop is None:
        return {}
    collected: dict[str, Json] = {loop.output_collection: list(scope.loop.outputs)}
    outward = [copy for copy in node.data_outputs if of_collection(copy, loop)] if run.rules.data_loops else []
    if not outward:
        return collected
    # The collection is a data output of the task: it leaves by its associations.
    return copied(run, outward, Visible([collected, *layers_of(run, scope.key)]), scope.key)
