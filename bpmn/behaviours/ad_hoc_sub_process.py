"""Ad-hoc subprocess (§13.3.5): a list of active elements, all that can start, or what a person chooses.

Sequential ordering starts them one after the other. The completion condition is judged after each activity.
"""

from __future__ import annotations

from bpmn.elements.details import AdHoc
from bpmn.elements.node import Node
from bpmn.errors import Failure
from bpmn.instance.scope import Scope
from bpmn.instance.token import Token
from bpmn.run.arming import arm_scope
from bpmn.run.cancel import cancel_content
from bpmn.run.evaluate import condition, json_at, kind
from bpmn.run.flow import scope_done
from bpmn.run.run import Run
from bpmn.run.scopes import open_scope
from bpmn.run.variables import visible_in
from bpmn.values import Json


class AdHocSubProcess:
    def enter(self, run: Run, token: Token, node: Node) -> None:
        assert node.container is not None
        assert isinstance(node.detail, AdHoc)
        chosen = _chosen(run, token, node, node.detail)
        run.edit_token(token.key).status = "waiting"
        first = chosen if node.detail.parallel else chosen[:1]
        scope = open_scope(run, token, "adhoc", node.id, first)
        if not node.detail.parallel and len(chosen) > 1:
            scope.phases["queue"] = tuple(chosen[1:])
        if node.detail.output_collection is not None:
            scope.variables[node.detail.output_collection] = []
        if not first:
            arm_scope(run, scope.key)
            if not node.detail.discretionary:
                scope_done(run, scope.key)


def _chosen(run: Run, token: Token, node: Node, detail: AdHoc) -> tuple[str, ...]:
    assert node.container is not None
    if detail.active is not None:
        listed = json_at(run, detail.active, token)
        if not isinstance(listed, list) or any(key not in node.container.nodes for key in listed):
            raise Failure("ad-hoc-elements", f"{detail.active.text} is {kind(listed)}, not a list of ids in here.")
        return tuple(str(key) for key in listed)
    return () if detail.discretionary else node.container.initial


def activity_done(run: Run, token: Token, last: bool) -> bool:
    """After an activity inside completed. True when the subprocess is to end: then ``token`` goes no further.

    ``last``: no flow leads on from it.
    """
    scope = run.edit_scope(token.scope)
    node = run.graph(token.scope).nodes[scope.element]
    detail = node.detail
    assert isinstance(detail, AdHoc)
    if last and detail.output is not None and detail.output_collection is not None:
        _collect(run, scope, detail.output_collection, json_at(run, detail.output, token))
    if scope.ending == "complete":
        return True
    if detail.completion is None or not condition(run, detail.completion, visible_in(run, scope.key), scope.key):
        return False
    scope.ending = "complete"
    scope.phases.pop("queue", None)
    if detail.cancel_remaining:
        cancel_content(run, scope.key, node.id, spare=token.key)
    return True


def _collect(run: Run, scope: Scope, collection: str, value: Json) -> None:
    held = scope.variables.get(collection)
    run.touch(collection, known=True)
    scope.variables[collection] = [*(held if isinstance(held, list) else ()), value]


BEHAVIOURS = {"adHocSubProcess": AdHocSubProcess()}
