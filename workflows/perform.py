"""From the core's commands to Temporal: one small method per command that concerns the shell.

Commands that only the read model needs (tasks, subscriptions, deadlines, incidents), and the questions that only the
stores can answer (callees, decisions), are performed by the record activity, which sees the same steps.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError, CancelledError

from activities import contracts
from bpmn import codec
from bpmn.commands import CancelJob, CancelTimer, Command, CompleteInstance, SetTimer, StartJob
from bpmn.events import Event, JobCompleted, JobErrored, JobFailed
from bpmn.model import Graph
from bpmn.state import State
from bpmn.values import Json
from workflows.limits import too_large_result
from workflows.timers import Timers

JOB_TIMEOUT = timedelta(seconds=60)
JOB_LIMIT = timedelta(days=1)
"""Schedule-to-close of one job with all its retries; afterwards it is an incident that an operator sees."""

LOOKUP_RETRY = RetryPolicy(initial_interval=timedelta(seconds=0.2), maximum_interval=timedelta(seconds=5))


def fetched(job: StartJob) -> Mapping[str, Json]:
    names = contracts.FETCHED.get(job.type)
    return job.variables if names is None else {name: job.variables[name] for name in names if name in job.variables}


def job_retry(retries: int) -> RetryPolicy:
    return RetryPolicy(
        initial_interval=timedelta(seconds=0.5),
        maximum_interval=timedelta(seconds=60),
        maximum_attempts=max(retries, 1),
        non_retryable_error_types=[contracts.BPMN_ERROR],
    )


class Jobs:
    """Activities of this execution: those waiting for their step's record, and those running."""

    def __init__(
        self,
        instance_id: str,
        now: Callable[[], datetime],
        turn: Callable[[], Awaitable[None]],
        apply: Callable[[Event], None],
    ) -> None:
        self._instance_id = instance_id
        self._now = now
        self._turn = turn
        self._apply = apply
        self._waiting: list[tuple[int, StartJob]] = []
        self._running: dict[int, asyncio.Task[None]] = {}

    @property
    def idle(self) -> bool:
        return not self._waiting and not self._running

    def enqueue(self, step: int, job: StartJob) -> None:
        self._waiting.append((step, job))

    def cancel(self, key: int) -> None:
        self._waiting = [item for item in self._waiting if item[1].job_key != key]
        # Taken out here: a task cancelled before its first line never reaches its own clean-up.
        running = self._running.pop(key, None)
        if running is not None:
            running.cancel()

    def start_recorded(self, last_step: int) -> None:
        due = [item for item in self._waiting if item[0] <= last_step]
        self._waiting = [item for item in self._waiting if item[0] > last_step]
        for _, job in due:
            self._running[job.job_key] = asyncio.create_task(self._run(job))

    async def _run(self, job: StartJob) -> None:
        try:
            event = await self._readable(job)
            await self._turn()
        except (CancelledError, asyncio.CancelledError):
            return
        finally:
            self._running.pop(job.job_key, None)
        self._apply(event)

    async def _readable(self, job: StartJob) -> Event:
        try:
            return await self._job(job)
        except (CancelledError, asyncio.CancelledError):
            raise
        except Exception as error:  # an answer that cannot be read is the job's failure, not the execution's
            return JobFailed(job.job_key, type(error).__name__)

    async def _job(self, job: StartJob) -> Event:
        try:
            result = await workflow.execute_activity(
                job.type,
                contracts.JobInput(
                    self._instance_id,
                    job.job_key,
                    job.type,
                    job.element_id,
                    codec.dump_variables(fetched(job)),
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

    def perform(self, step: int, command: Command) -> None:
        match command:
            case SetTimer():
                self._timers.set(command)
            case CancelTimer():
                self._timers.cancel(command.timer_key)
            case StartJob():
                self._jobs.enqueue(step, command)
            case CancelJob():
                self._jobs.cancel(command.job_key)
            case CompleteInstance():
                self.completed = True

    def needed(self, state: State) -> Mapping[str, Graph]:
        """The graphs that open scopes use; finished callees are left behind at continue-as-new."""
        return {hash_: self.graphs[hash_] for hash_ in state.graph_hashes()}
