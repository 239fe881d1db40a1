"""What every node with more than its behaviour goes through: on entry, on completion."""

from __future__ import annotations

from collections.abc import Mapping

from bpmn.behaviours.ad_hoc_sub_process import activity_done
from bpmn.elements.kinds import ACTIVITIES
from bpmn.elements.loop import MultiInstance
from bpmn.elements.node import Node
from bpmn.instance.token import Token
from bpmn.run import compensation, deadlines, listeners, loops
from bpmn.run.arming import arm_boundaries
from bpmn.run.cancel import cancel_waits
from bpmn.run.flow import consume, drop, join, leave
from bpmn.run.mapping import apply_inputs, apply_outputs
from bpmn.run.run import Run
from bpmn.run.variables import assign_local
from bpmn.values import Json


def prepare(run: Run, token: Token, node: Node) -> bool:
    """Before the behaviour; False when the activity does not start on this token now."""
    if node.start_quantity > 1 and not token.index and not _gathered(run, token, node):
        return False
    if node.loop is not None and not token.index:
        _surround(run, token, node)
        loops.open_body(run, token, node)
        return False
    if node.inputs or node.data_inputs or node.local_data:
        apply_inputs(run, token, node)
    if not token.index:
        _surround(run, token, node)
    return True


def arrive(run: Run, token: Token, node: Node) -> None:
    """At a start, a boundary event or the event that won a race nothing is left to arm or to gather."""
    if node.inputs or node.data_inputs or node.local_data:
        apply_inputs(run, token, node)
    if node.deadlines is not None:
        deadlines.on_entry(run, token, node, node.deadlines)


def _surround(run: Run, token: Token, node: Node) -> None:
    """The clock first: the boundary timers ask for it."""
    if node.deadlines is not None:
        deadlines.on_entry(run, token, node, node.deadlines)
    if node.boundaries:
        arm_boundaries(run, token, node)


def _gathered(run: Run, token: Token, node: Node) -> bool:
    """startQuantity: the activity starts once that many tokens have come, and takes them all."""
    waiting = join(run, token, node)
    if len(waiting) < node.start_quantity:
        return False
    for key in waiting:
        if key != token.key:
            drop(run, run.tokens[key])
    scope = run.edit_scope(token.scope)
    scope.joins.pop(node.id, None)
    run.edit_token(token.key).status = "ready"
    return True


def complete(run: Run, token: Token, node: Node, variables: Mapping[str, Json]) -> None:
    """The node's work is done. Outputs first, since a failure there leaves everything else as it is."""
    if variables or node.outputs or node.data_outputs:
        apply_outputs(run, token, node, variables)
    if token.index and node.outputs and variables:
        # An instance's output element may read what the mappings kept inside.
        assign_local(run, token, variables)
    if node.end_listeners:
        listeners.begin(run, token, node, listeners.END)
    else:
        outward(run, run.tokens[token.key], node)


def outward(run: Run, token: Token, node: Node) -> None:
    if not token.index:
        finish(run, token, node)
    elif isinstance(node.loop, MultiInstance) and node.loop.throws:
        run.edit_token(token.key).status = "waiting"
        run.push_throw(token, "loop-throw")
    else:
        instance_done(run, token, node)


def instance_done(run: Run, token: Token, node: Node) -> None:
    run.log("completed", token)
    compensation.register(run, token, node)
    _close_inner(run, token)
    loops.instance_completed(run, token, node)


def finish(run: Run, token: Token, node: Node) -> None:
    """Outputs are done: what belongs to the node closes, and its token goes on."""
    if node.deadlines is not None:
        deadlines.on_completion(run, token, node.deadlines)
    run.log("completed", token)
    if node.compensation_handler or token.inner:
        compensation.register(run, token, node)
        _close_inner(run, token)
    if token.waits:
        cancel_waits(run, token.waits, node.id)
        run.edit_token(token.key).waits = ()
    in_ad_hoc = run.scopes[token.scope].kind == "adhoc" and node.kind in ACTIVITIES
    if node.for_compensation or node.kind == "endEvent" or (in_ad_hoc and activity_done(run, token, not node.outgoing)):
        consume(run, token)
    elif node.conditional_flows:
        run.push("leave", run.edit_token(token.key))
    else:
        leave(run, token, node)


def _close_inner(run: Run, token: Token) -> None:
    if token.inner:
        scope = run.scopes.pop(token.inner)
        cancel_waits(run, scope.waits)
        deadlines.end_owned(run, scope.key, scope.deadlines, "cancelled")
        run.edit_token(token.key).inner = 0
