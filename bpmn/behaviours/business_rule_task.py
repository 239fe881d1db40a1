"""Business rule task: a DMN decision, or a job."""

from __future__ import annotations

from bpmn.commands import EvaluateDecision
from bpmn.elements.details import Decision
from bpmn.elements.node import Node
from bpmn.instance.token import Token
from bpmn.run.evaluate import text
from bpmn.run.jobs import start_job, wait_self
from bpmn.run.run import Run
from bpmn.run.variables import snapshot, visible


class BusinessRuleTask:
    def enter(self, run: Run, token: Token, node: Node) -> None:
        detail = node.detail
        if not isinstance(detail, Decision):
            start_job(run, token, node, detail)
            return
        decision = text(run, detail.decision_id, visible(run, token), token.scope, "The decision id")
        wait = wait_self(run, token, node, "decision")
        run.commands.append(
            EvaluateDecision(
                wait.key,
                decision,
                detail.binding,
                detail.version_tag,
                snapshot(run, token),
                run.ref(token.scope),
            )
        )


BEHAVIOURS = {"businessRuleTask": BusinessRuleTask()}
