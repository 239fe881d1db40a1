"""What people answer to tasks."""

from __future__ import annotations

from bpmn.commands import CloseTask
from bpmn.errors import Failure
from bpmn.eventkinds.error import throw_error
from bpmn.eventkinds.escalation import escalate
from bpmn.events import TaskCompleted, TaskErrored, TaskEscalated
from bpmn.handlers.handler import WaitHandler
from bpmn.run.cancel import close_wait
from bpmn.run.incidents import raise_incident
from bpmn.run.run import Run


class TaskHandler(WaitHandler):
    kind = "task"
    field = "task_key"
    closed = "task-closed"
    sentence = "Task {key} is not open: it was completed or withdrawn."


class CompleteTask(TaskHandler):
    def apply(self, run: Run, event: TaskCompleted) -> None:
        wait = self.wait(run, event)
        close_wait(run, wait)
        run.commands.append(CloseTask(wait.key, "completed"))
        run.push("complete", run.tokens[wait.token], dict(event.variables))


class ErrorTask(TaskHandler):
    def apply(self, run: Run, event: TaskErrored) -> None:
        wait = self.wait(run, event)
        close_wait(run, wait)
        run.commands.append(CloseTask(wait.key, "errored", event.code))
        try:
            throw_error(run, run.tokens[wait.token], event.code, "", event.variables)
        except Failure as failure:
            raise_incident(run, wait.token, "work", None, failure)


class EscalateTask(TaskHandler):
    def apply(self, run: Run, event: TaskEscalated) -> None:
        wait = self.wait(run, event)
        escalate(run, run.tokens[wait.token], event.code, event.variables)


HANDLERS = {TaskCompleted: CompleteTask(), TaskErrored: ErrorTask(), TaskEscalated: EscalateTask()}
