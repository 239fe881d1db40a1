"""Send task: a job when it has a task definition, else it publishes its message."""

from __future__ import annotations

from bpmn.elements.details import Send
from bpmn.elements.node import Node
from bpmn.eventkinds.message import publish
from bpmn.instance.token import Token
from bpmn.run.activity import complete
from bpmn.run.jobs import start_job
from bpmn.run.run import Run


class SendTask:
    def enter(self, run: Run, token: Token, node: Node) -> None:
        if isinstance(node.detail, Send):
            publish(run, token, node, node.detail.message)
            complete(run, token, node, {})
        else:
            start_job(run, token, node, node.detail)


BEHAVIOURS = {"sendTask": SendTask()}
