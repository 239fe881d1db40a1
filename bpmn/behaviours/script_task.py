"""Script task: a FEEL expression in the core, or a job."""

from __future__ import annotations

from bpmn.elements.details import Script
from bpmn.elements.node import Node
from bpmn.errors import Failure
from bpmn.instance.token import Token
from bpmn.run.activity import complete
from bpmn.run.evaluate import json_at, kind
from bpmn.run.jobs import start_job
from bpmn.run.run import Run


class ScriptTask:
    def enter(self, run: Run, token: Token, node: Node) -> None:
        detail = node.detail
        if not isinstance(detail, Script):
            start_job(run, token, node, detail)
            return
        value = json_at(run, detail.expression, token)
        if detail.spread and not isinstance(value, dict):
            raise Failure("script-result", f"{detail.expression.text} is {kind(value)}, not a context of variables.")
        whole = {detail.result: value} if detail.result else {}
        complete(run, token, node, value if detail.spread and isinstance(value, dict) else whole)


BEHAVIOURS = {"scriptTask": ScriptTask()}
