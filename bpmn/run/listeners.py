"""Execution and task listeners: jobs before an element does its work, and after its outputs are made.

What a start listener answers belongs to the element; what an end listener answers goes where its variables go.
"""

from __future__ import annotations

from collections.abc import Mapping

from bpmn.elements.details import Job
from bpmn.elements.node import Node
from bpmn.instance.token import Token
from bpmn.instance.wait import Wait
from bpmn.run.jobs import start_job
from bpmn.run.run import Run
from bpmn.run.variables import assign, assign_local
from bpmn.values import Json

START, END = "start", "end"


def listening(wait: Wait) -> bool:
    return wait.kind == "job" and wait.name in (START, END)


def begin(run: Run, token: Token, node: Node, phase: str, index: int = 0) -> None:
    """The next listener of the phase; after the last one, the element's work or its way out."""
    jobs = jobs_of(node, phase)
    if index < len(jobs):
        start_job(run, token, node, jobs[index], phase, index)
    elif phase == START:
        run.push("work", token)
    else:
        run.push("outward", token)


def answered(run: Run, wait: Wait, variables: Mapping[str, Json]) -> None:
    token = run.tokens[wait.token]
    if wait.name == START and variables:
        assign_local(run, token, variables)
    elif variables:
        assign(run, token, variables, from_local=False)
    begin(run, run.tokens[token.key], run.node(token), wait.name, wait.index + 1)


def jobs_of(node: Node, phase: str) -> tuple[Job, ...]:
    return node.start_listeners if phase == START else node.end_listeners
