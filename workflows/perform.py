"""From the core's commands to Temporal: one small method per command that concerns the shell.

Commands that only the read model needs (tasks, subscriptions, deadlines, incidents) are performed by the record
activity, which sees the same steps.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError, CancelledError

from activities import contracts
from bpmn import codec
from bpmn.commands import (
    CancelJob,
    CancelTimer,
    Command,
    CompleteInstance,
    EvaluateDecision,
    ResolveDefinition,
    SetTimer,
    StartJob,
)
from bpmn.events import (
    DeadlineSet,
    DecisionEvaluated,
    DefinitionMissing,
    DefinitionResolved,
    Event,
    GraphRef,
    JobCompleted,
    JobErrored,
    JobFailed,
)
from bpmn.graphset import GraphSet
from bpmn.model import Graph
from bpmn.state import State
from bpmn.step import Step
from workflows.limits import too_large_result
from workflows.timers import Timers

JOB_TIMEOUT = timedelta(seconds=60)
JOB_LIMIT = timedelta(days=1)
"""Schedule-to-close of one job with all its retries; afterwards it is an incident that an operator sees."""

LOOKUP_RETRY = RetryPolicy(initial_interval=timedelta(seconds=0.2), maximum_interval=timedelta(seconds=5))


def job_retry(retries: int) -> RetryPolicy:
    return RetryPolicy(
        initial_interval=timedelta(seconds=0.5),
        maximum_interval=timedelta(seconds=60),
        maximum_attempts=max(retries, 1),
        non_retryable_error_types=[contracts.BPMN_ERROR],
    )


class Jobs:
    """Activities of this execution: those waiting for their step's record, and those running."""

    def __init__(self, instance_id: str, now: Callable[[], datetime], apply: Callable[[Event], None]) -> None:
        self._instance_id = instance_id
        self._now = now
        self._apply = apply
        self._waiting: list[tuple[int, int, Command]] = []
        self._running: dict[int, asyncio.Task[None]] = {}
        self.graphs: dict[str, Graph] = {}

    @property
    def idle(self) -> bool:
        return not self._waiting and not self._running

    def enqueue(self, step: int, key: int, command: Command) -> None:
        self._waiting.append((step, key, command))

    def cancel(self, key: int) -> None:
        self._waiting = [item for item in self._waiting if item[1] != key]
        # Taken out here: a task cancelled before its first line never reaches its own clean-up.
        running = self._running.pop(key, None)
        if running is not None:
            running.cancel()

    def start_recorded(self, last_step: int) -> None:
        due = [item for item in self._waiting if item[0] <= last_step]
        self._waiting = [item for item in self._waiting if item[0] > last_step]
        for _, key, command in due:
            self._running[key] = asyncio.create_task(self._run(key, command))

    async def _run(self, key: int, command: Command) -> None:
        try:
            event = await self._perform(command)
        except (CancelledError, asyncio.CancelledError):
            return
        except Exception as error:  # an answer that cannot be read is the job's failure, not the execution's
            event = _failed(command, type(error).__name__)
        finally:
            self._running.pop(key, None)
        self._apply(event)

    async def _perform(self, command: Command) -> Event:
        if isinstance(command, StartJob):
            return await self._job(command)
        if isinstance(command, ResolveDefinition):
            return await self._resolve(command)
        assert isinstance(command, EvaluateDecision)
        return await self._decide(command)

    async def _job(self, job: StartJob) -> Event:
        try:
            result = await workflow.execute_activity(
                job.type,
                contracts.JobInput(
                    self._instance_id,
                    job.job_key,
                    job.type,
                    job.element_id,
                    codec.dump_variables(job.variables),
                    codec.dump_variables(job.properties),
                    dict(job.headers),
                    self._now().isoformat(),
                ),
                result_type=contracts.JobResult,
                start_to_close_timeout=JOB_TIMEOUT,
                schedule_to_close_timeout=JOB_LIMIT,
                retry_policy=job_retry(job.retries),
                summary=job.element_id,
            )
        except ActivityError as error:
            return failure_event(job.job_key, error)
        reason = too_large_result(result.variables)
        if reason is not None:
            return JobFailed(job.job_key, reason)
        return JobCompleted(job.job_key, codec.load_variables(result.variables))

    async def _resolve(self, request: ResolveDefinition) -> Event:
        try:
            found = await workflow.execute_activity(
                contracts.RESOLVE_DEFINITION,
                contracts.ResolveInput(
                    self._instance_id,
                    request.process_id,
                    request.binding,
                    request.version_tag,
                    request.caller.hash if request.caller else None,
                ),
                result_type=GraphSet,
                start_to_close_timeout=JOB_TIMEOUT,
                retry_policy=LOOKUP_RETRY,
            )
        except ActivityError as error:
            return DefinitionMissing(request.request_key, str(error.cause or error))
        for hash_, graph in found.graphs.items():
            self.graphs[hash_] = graph
        (hash_,) = found.graphs
        return DefinitionResolved(request.request_key, GraphRef(hash_, request.process_id))

    async def _decide(self, request: EvaluateDecision) -> Event:
        try:
            result = await workflow.execute_activity(
                contracts.EVALUATE_DECISION,
                contracts.DecisionInput(
                    self._instance_id,
                    request.decision_id,
                    request.binding,
                    request.version_tag,
                    request.caller.hash if request.caller else None,
                    codec.dump_variables(request.variables),
                    self._now().isoformat(),
                ),
                result_type=contracts.JobResult,
                start_to_close_timeout=JOB_TIMEOUT,
                retry_policy=LOOKUP_RETRY,
            )
        except ActivityError as error:
            return JobFailed(request.request_key, str(error.cause or error))
        return DecisionEvaluated(request.request_key, codec.load_variables(result.variables)["result"])

    async def confirm(self, timer: SetTimer) -> contracts.ConfirmResult:
        """Asks whether the rung may fire; if the deadline moved, the answer holds the newer instants."""
        assert timer.deadline_key is not None
        assert timer.revision is not None
        assert timer.rung is not None
        result: contracts.ConfirmResult = await workflow.execute_activity(
            contracts.CONFIRM_DEADLINE,
            contracts.ConfirmInput(
                self._instance_id, timer.deadline_key, timer.revision, timer.rung, self._now().isoformat()
            ),
            result_type=contracts.ConfirmResult,
            start_to_close_timeout=JOB_TIMEOUT,
            retry_policy=LOOKUP_RETRY,
        )
        return result


def _failed(command: Command, reason: str) -> Event:
    if isinstance(command, StartJob):
        return JobFailed(command.job_key, reason)
    if isinstance(command, ResolveDefinition):
        return DefinitionMissing(command.request_key, reason)
    assert isinstance(command, EvaluateDecision)
    return JobFailed(command.request_key, reason)


def failure_event(job_key: int, error: ActivityError) -> Event:
    """A business error of the activity becomes a BPMN error, everything else an incident."""
    cause = error.cause
    if isinstance(cause, ApplicationError) and cause.type == contracts.BPMN_ERROR:
        code = str(cause.details[0])
        variables = codec.load_variables(str(cause.details[1])) if len(cause.details) > 1 else {}
        return JobErrored(job_key, code, cause.message, variables)
    reason = cause.type if isinstance(cause, ApplicationError) and cause.type else type(cause or error).__name__
    return JobFailed(job_key, reason)


class Performer:
    def __init__(self, timers: Timers, jobs: Jobs, graphs: dict[str, Graph]) -> None:
        self.graphs = graphs
        self.completed = False
        self._timers = timers
        self._jobs = jobs
        jobs.graphs = graphs

    def perform(self, step: int, command: Command) -> None:
        match command:
            case SetTimer():
                self._timers.set(command)
            case CancelTimer():
                self._timers.cancel(command.timer_key)
            case StartJob():
                self._jobs.enqueue(step, command.job_key, command)
            case CancelJob():
                self._jobs.cancel(command.job_key)
            case ResolveDefinition() | EvaluateDecision():
                self._jobs.enqueue(step, command.request_key, command)
            case CompleteInstance():
                self.completed = True

    def is_lazy(self, event: Event, step: Step) -> bool:
        """An answer of the record itself that only re-armed timers needs no record of its own right away."""
        return isinstance(event, DeadlineSet) and all(isinstance(c, SetTimer | CancelTimer) for c in step.commands)

    def needed(self, state: State) -> Mapping[str, Graph]:
        """The graphs that open scopes use; finished callees are left behind at continue-as-new."""
        return {hash_: self.graphs[hash_] for hash_ in state.graph_hashes()}
