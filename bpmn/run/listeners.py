"""Execution and task listeners: jobs before an element does its work, and after its outputs are made.

What a start listener answers belongs to the element, what an end listener answers goes where its variables go; what
one of a process answers are variables of the process. Those of a process run on a token of their own, before anything
in it begins and after everything in it has ended.
"""

from __future__ import annotations

from collections.abc import Mapping

from bpmn.elements.details import Job
from bpmn.elements.node import Node
from bpmn.instance.scope import Scope
from bpmn.instance.token import Token
from bpmn.instance.wait import Wait
from bpmn.model import Process
from bpmn.run.cancel import cancel_waits
from bpmn.run.flow import drop, scope_done
from bpmn.run.jobs import start_job
from bpmn.run.run import Run
from bpmn.run.variables import assign, assign_local, assign_scope
from bpmn.values import Json

START, END = "start", "end"
OPENING, CLOSING = "process-start", "process-end"
# In the phases of a process's scope: what waits for the start listeners, and that the end listeners are at work.
WAITING, ENDING = "opening", "closing"


def listening(wait: Wait) -> bool:
    return wait.kind == "job" and wait.name in (START, END, OPENING, CLOSING)


def begin(run: Run, token: Token, node: Node, phase: str, index: int = 0) -> None:
    """The next listener of the phase; after the last one, the element's work or its way out."""
    process = run.graph(token.scope).processes[run.scopes[token.scope].process]
    jobs = jobs_of(node, phase, process)
    if index < len(jobs):
        start_job(run, token, node, jobs[index], phase, index, process if phase in (OPENING, CLOSING) else None)
    elif phase == START:
        run.push("work", token)
    elif phase == END:
        run.push("outward", token)
    elif phase == OPENING:
        _open(run, token)
    else:
        _close(run, token)


def answered(run: Run, wait: Wait, variables: Mapping[str, Json]) -> None:
    token = run.tokens[wait.token]
    if wait.name in (OPENING, CLOSING):
        assign_scope(run, wait.scope, variables)
    elif wait.name == START and variables:
        assign_local(run, token, variables)
    elif variables:
        assign(run, token, variables, from_local=False)
    begin(run, run.tokens[token.key], run.node(token), wait.name, wait.index + 1)


def jobs_of(node: Node, phase: str, process: Process) -> tuple[Job, ...]:
    if phase in (OPENING, CLOSING):
        return process.start_listeners if phase == OPENING else process.end_listeners
    return node.start_listeners if phase == START else node.end_listeners


def holds_back(run: Run, scope: Scope, initial: tuple[str, ...], caught: dict[str, Json] | int | None) -> bool:
    """A process that begins is begun by its start listeners, where it has any; the rest waits for them."""
    process = run.graphs[scope.graph].processes[scope.process]
    if scope.kind != "process" or not process.start_listeners or not initial:
        return False
    form = "" if caught is None else str(caught) if isinstance(caught, int) else "caught"
    scope.phases[WAITING] = (form, *initial[1:])
    token = run.new_token(scope.key, initial[0])
    # What the start event brought is seen by the listeners already.
    token.locals = dict(caught) if isinstance(caught, dict) else None
    run.push("listen", token, {"phase": OPENING, "index": 0})
    return True


def _open(run: Run, token: Token) -> None:
    form, *others = run.edit_scope(token.scope).phases.pop(WAITING)
    held = run.edit_token(token.key)
    brought, held.locals, held.status = held.locals, None, "ready"
    run.push("open", held, None if not form else (brought or {}) if form == "caught" else int(form))
    for node in others:
        run.push("enter", run.new_token(token.scope, node))


def ends_later(run: Run, scope: Scope) -> bool:
    """A process whose tokens have all ended: its end listeners come first."""
    process = run.graphs[scope.graph].processes[scope.process]
    if not process.end_listeners or ENDING in scope.phases:
        return False
    held = run.edit_scope(scope.key)
    held.phases[ENDING] = ()
    # Nothing is caught any more.
    cancel_waits(run, held.waits)
    held.waits = ()
    token = run.new_token(scope.key, process.container.nodes[0])
    run.push("listen", token, {"phase": CLOSING, "index": 0})
    return True


def _close(run: Run, token: Token) -> None:
    scope_key = token.scope
    drop(run, run.tokens[token.key])
    scope_done(run, scope_key)
