"""What jobs, definitions and decisions answer."""

from __future__ import annotations

from collections.abc import Mapping

from bpmn.behaviours.call_activity import open_call
from bpmn.elements.details import Decision
from bpmn.errors import Failure
from bpmn.eventkinds.error import throw_error
from bpmn.events import (
    DecisionEvaluated,
    DefinitionMissing,
    DefinitionResolved,
    JobCompleted,
    JobErrored,
    JobFailed,
)
from bpmn.handlers.handler import WaitHandler
from bpmn.instance.wait import Wait
from bpmn.model import Graph
from bpmn.run.cancel import close_wait
from bpmn.run.incidents import raise_incident
from bpmn.run.listeners import answered, listening
from bpmn.run.run import Run
from bpmn.state import State
from bpmn.step import Refusal
from bpmn.values import Json


class JobHandler(WaitHandler):
    kind = "job"
    field = "job_key"
    closed = "job-closed"
    sentence = "Job {key} is not open: its element was completed or interrupted."


class CompleteJob(JobHandler):
    def apply(self, run: Run, event: JobCompleted) -> None:
        wait = self.wait(run, event)
        close_wait(run, wait)
        if listening(wait):
            answered(run, wait, event.variables)
        else:
            run.push("complete", run.tokens[wait.token], dict(event.variables))


class FailJob(JobHandler):
    """Requests for a definition or decision fail like jobs: they are performed in the same way."""

    def check(self, graphs: Mapping[str, Graph], state: State, event: JobFailed) -> Refusal | None:
        wait = state.waits.get(event.job_key)
        if wait is not None and wait.kind in ("definition", "decision"):
            return None
        return super().check(graphs, state, event)

    def apply(self, run: Run, event: JobFailed) -> None:
        wait = self.wait(run, event)
        close_wait(run, wait)
        raise_incident(run, wait.token, *_again(wait), Failure("job-failed", event.reason))


class ErrorJob(JobHandler):
    def apply(self, run: Run, event: JobErrored) -> None:
        wait = self.wait(run, event)
        close_wait(run, wait)
        try:
            throw_error(run, run.tokens[wait.token], event.code, event.message, event.variables)
        except Failure as failure:
            raise_incident(run, wait.token, *_again(wait), failure)


def _again(wait: Wait) -> tuple[str, dict[str, Json] | None]:
    """What a retry repeats: the element's work, or the one listener."""
    return ("listen", {"phase": wait.name, "index": wait.index}) if listening(wait) else ("work", None)


class RequestHandler(WaitHandler):
    field = "request_key"
    closed = "request-closed"
    sentence = "Request {key} is not open: its element was completed or interrupted."


class ResolveCall(RequestHandler):
    kind = "definition"

    def apply(self, run: Run, event: DefinitionResolved) -> None:
        wait = self.wait(run, event)
        close_wait(run, wait)
        token = run.tokens[wait.token]
        try:
            open_call(run, token, run.node(token), event.ref)
        except Failure as failure:
            raise_incident(run, wait.token, "work", None, failure)


class MissDefinition(RequestHandler):
    kind = "definition"

    def apply(self, run: Run, event: DefinitionMissing) -> None:
        wait = self.wait(run, event)
        close_wait(run, wait)
        raise_incident(run, wait.token, "work", None, Failure("definition", event.reason))


class TakeDecision(RequestHandler):
    kind = "decision"

    def apply(self, run: Run, event: DecisionEvaluated) -> None:
        wait = self.wait(run, event)
        close_wait(run, wait)
        token = run.tokens[wait.token]
        detail = run.node(token).detail
        assert isinstance(detail, Decision)
        run.push("complete", token, {detail.result: event.result})


HANDLERS = {
    JobCompleted: CompleteJob(),
    JobFailed: FailJob(),
    JobErrored: ErrorJob(),
    DefinitionResolved: ResolveCall(),
    DefinitionMissing: MissDefinition(),
    DecisionEvaluated: TakeDecision(),
}
