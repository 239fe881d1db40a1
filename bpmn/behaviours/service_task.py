"""Service task: a job."""

from __future__ import annotations

from bpmn.elements.node import Node
from bpmn.instance.token import Token
from bpmn.run.jobs import start_job
from bpmn.run.run import Run


class ServiceTask:
    def enter(self, run: Run, token: Token, node: Node) -> None:
        start_job(run, token, node, node.detail)


BEHAVIOURS = {"serviceTask": ServiceTask()}
