"""Work for the outside: an activity of the task definition's type."""

from __future__ import annotations

from bpmn.commands import StartJob
from bpmn.elements.details import Detail, Job
from bpmn.elements.node import Node
from bpmn.instance.token import Token
from bpmn.instance.wait import Wait
from bpmn.model import Process
from bpmn.run.evaluate import integer, text
from bpmn.run.mapping import properties_of
from bpmn.run.run import Run
from bpmn.run.variables import snapshot, visible


def start_job(
    run: Run, token: Token, node: Node, job: Detail, phase: str = "", index: int = 0, process: Process | None = None
) -> None:
    """``phase`` and ``index`` tell a listener of the element from its own work; ``process``: one of the process."""
    assert isinstance(job, Job)
    context = visible(run, token)
    kind = text(run, job.type, context, token.scope, "The task type")
    retries = integer(run, job.retries, context, token.scope, "Retries")
    headers = dict(job.headers)
    if job.priority is not None:
        headers["priority"] = str(integer(run, job.priority, context, token.scope, "The job's priority"))
    wait = wait_self(run, token, node, "job", phase, index)
    run.commands.append(
        StartJob(
            wait.key,
            run.ref(token.scope),
            node.id if process is None else process.id,
            kind,
            retries,
            snapshot(run, token),
            properties_of(run, token, node if process is None else process, token.scope),
            headers,
        )
    )


def wait_self(run: Run, token: Token, node: Node, kind: str, name: str = "", index: int = 0) -> Wait:
    run.edit_token(token.key).status = "waiting"
    return run.wait_for(Wait(run.key(), kind, "self", token.scope, token.key, node.id, index, name))
