"""The one workflow type: runs any deployed model. Decides nothing; the pure core does, this performs its commands.

Order inside one execution: a handler applies its event at once (so of two simultaneous completions one wins), the
record activity stores the applied steps in batches, and only then do jobs of those steps start and Updates answer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError

from activities import contracts
from bpmn import codec
from bpmn.commands import SetTimer
from bpmn.engine import advance, check
from bpmn.errors import EventRefused
from bpmn.events import Event, GraphRef, InstanceStarted, SemanticsRaised, TimerFired, VariablesEdited
from bpmn.graphset import GraphSet
from bpmn.model import Graph
from bpmn.outstanding import Open, fold, opened
from bpmn.semantics import rules_of
from bpmn.state import State
from workflows import limits, messages
from workflows.answered import Answered
from workflows.describe import details
from workflows.perform import Jobs, Performer
from workflows.steplog import StepLog
from workflows.timers import Timers

# Without end, so that a PostgreSQL outage of hours costs nothing but waiting; Temporal's default backs off to 100 s.
RECORD_RETRY = RetryPolicy(
    initial_interval=timedelta(seconds=0.2),
    maximum_interval=timedelta(seconds=5),
    non_retryable_error_types=[contracts.STORES_DISAGREE, contracts.DATA_ERROR],
)
RECORD_TIMEOUT = timedelta(seconds=30)


@workflow.defn(name=messages.WORKFLOW)
class Process:
    @workflow.init
    def __init__(self, start: messages.ProcessStart, graphs: GraphSet) -> None:
        # Handlers may run before run() does, so everything they need is built here. A worker that does not know the
        # case's rules fails the task here, and Temporal gives it to another worker: an upgrade is under way.
        rules_of(start.semantics)
        self._start = start
        self._offset = timedelta(seconds=start.clock_offset_s)
        self._timers = Timers()
        self._jobs = Jobs(start.instance_id, self._now, self._apply_if_possible)
        self._performer = Performer(self._timers, self._jobs, dict(graphs.graphs))
        self._halted: str | None = None
        self._renew = False
        self._stuck: list[Event] = []
        self._open: Open = {}
        carried = start.carried
        self._answered = Answered(carried.answered if carried else None)
        if carried is not None:
            self._log = StepLog(carried.last_step, carried.digest)
            self._state: State | None = codec.load_state(carried.state)
            rules_of(self._state.semantics)
            self._open = opened(codec.load_commands(carried.outstanding))
            for command in self._open.values():
                self._performer.perform(carried.last_step, command)
            self._jobs.start_recorded(carried.last_step)
            for text in carried.events:
                self._hear(text)
            return
        self._log = StepLog()
        self._state = None
        self._apply_if_possible(
            InstanceStarted(
                GraphRef(start.graph_hash, start.process_id),
                start.business_key,
                codec.load_variables(start.variables),
                start.start_event,
                semantics=start.semantics,
            )
        )

    @workflow.run
    async def run(self, start: messages.ProcessStart, graphs: GraphSet) -> int:
        """Returns the number of the last step. The result's content is in the step log, not in the history."""
        timers = asyncio.create_task(self._run_timers())
        try:
            while True:
                await workflow.wait_condition(self._has_work)
                if self._log.urgent or (self._finishing() and not self._log.settled):
                    await self._record()
                    continue
                if self._finished():
                    return self._log.last_step
                if self._may_renew():
                    if not self._log.settled:
                        await self._record()
                        continue
                    self._continue_as_new()
        finally:
            timers.cancel()

    # --- Updates -------------------------------------------------------------------------------------------------

    @workflow.update(name=messages.UPDATE_SUBMIT)
    async def submit(self, message: messages.Submit) -> messages.Answer:
        return await self._take(codec.load_event(message.event), message.submission_id, message.actor)

    @submit.validator
    def validate_submit(self, message: messages.Submit) -> None:
        if self._answered.step_of(message.submission_id) is None:
            limits.refuse_large(message.event)
            self._refuse_unless_possible(codec.load_event(message.event))

    @workflow.update(name=messages.UPDATE_OPERATE)
    async def operate(self, message: messages.Operate) -> messages.Answer:
        return await self._operate(message)

    @operate.validator
    def validate_operate(self, message: messages.Operate) -> None:
        if self._answered.step_of(message.operation_id) is None:
            limits.refuse_large(message.event)
            self._refuse_unless_possible(codec.load_event(message.event))

    @workflow.update(name=messages.UPDATE_MIGRATE)
    async def migrate(self, message: messages.Operate, graphs: GraphSet) -> messages.Answer:
        """``graphs`` holds the new model: it is not among those that the open scopes use."""
        # Kept until the execution renews itself even if the plan is refused: the replay takes the same way.
        self._performer.graphs.update(graphs.graphs)
        return await self._operate(message)

    @migrate.validator
    def validate_migrate(self, message: messages.Operate, graphs: GraphSet) -> None:
        if self._answered.step_of(message.operation_id) is None:
            known = {**self._performer.graphs, **graphs.graphs}
            self._refuse_unless_possible(codec.load_event(message.event), known)

    # --- Signals and queries -------------------------------------------------------------------------------------

    @workflow.signal(name=messages.SIGNAL_CONTINUE_AS_NEW)
    def continue_as_new_soon(self, semantics: int | None = None) -> None:
        """For upgrades: open cases move to the new code, and to the rules of this number, at the next quiet moment."""
        if semantics is not None:
            rules_of(semantics)  # by a worker of the release before: given back, as in __init__
            self._apply_if_possible(SemanticsRaised(semantics))
        self._renew = True

    @workflow.signal(name=messages.SIGNAL_DEADLINE)
    def deadline_moved(self, event: str) -> None:
        """A calendar change moved a deadline earlier than its armed timers; older revisions are ignored by the core."""
        self._hear(event)

    @workflow.signal(name=messages.SIGNAL_RESUME)
    def resume(self) -> None:
        """An operator mended what halted the record, or what made the core fail: try again."""
        self._halted = None
        stuck, self._stuck = self._stuck, []
        for event in stuck:
            self._apply_if_possible(event)

    @workflow.query(name=messages.QUERY_STATE)
    def state(self) -> messages.Position:
        return messages.Position(
            self._log.last_step,
            self._log.recorded,
            self._log.digest,
            codec.dump_state(self._state) if self._state is not None else "",
            self._halted,
            self._quiet(),
            self._log.tail,
        )

    # --- The shell -----------------------------------------------------------------------------------------------

    def _now(self) -> datetime:
        """The case's own time axis: Temporal's clock, shifted only in rehearsals."""
        return workflow.now() + self._offset

    def _apply(
        self, event: Event, submission_id: str | None = None, actor: str | None = None, reason: str | None = None
    ) -> int:
        now = self._now()
        step = advance(self._performer.graphs, self._state, event, now)
        still_open = fold(self._open, event, step.commands)
        event_text, commands_text = codec.dump_event(event), codec.dump_commands(step.commands)
        shown, stage = details(self._performer.graphs, step)
        # Up to here nothing has changed: a fault above leaves the execution as it was.
        self._state, self._open = step.state, still_open
        number = self._log.append(
            event_text,
            commands_text,
            now,
            lazy=self._performer.is_lazy(event, step),
            submission_id=submission_id,
            actor=actor,
            reason=reason,
        )
        for command in step.commands:
            self._performer.perform(number, command)
        if submission_id is not None:
            self._answered.note(submission_id, number)
        self._describe(shown, stage)
        return number

    def _hear(self, text: str) -> None:
        """An event that an activity or a signal brings as text."""
        try:
            event = codec.load_event(text)
        except Exception as error:  # written by a newer release, say: visible, and not a workflow task failing for ever
            self._halt(f"unreadable event: {type(error).__name__}")
            return
        self._apply_if_possible(event)

    def _apply_if_possible(self, event: Event) -> None:
        """For events that nobody waits for: what came too late is dropped, what breaks the core is kept for a retry."""
        try:
            if self._state is None or check(self._performer.graphs, self._state, event) is None:
                self._apply(event)
        except Exception as error:  # a defect of the core must not fail the workflow task for ever
            self._stuck.append(event)
            self._halt(f"{type(event).__name__}: {type(error).__name__}")
            workflow.logger.error("the engine could not apply an event", extra={"event": type(event).__name__})

    def _halt(self, why: str) -> None:
        self._halted = why
        workflow.set_current_details(f"halted: {why}")

    def _refuse_unless_possible(self, event: Event, graphs: Mapping[str, Graph] | None = None) -> None:
        if self._halted is not None:
            raise ApplicationError("案件记录暂停,需由管理员处理后才能继续。", type=messages.HALTED, non_retryable=True)
        if self._log.busy(self._now()):
            raise ApplicationError("系统正在记录先前的办理动作,请稍候再试。", type=messages.BUSY)
        if self._log.too_large and getattr(event, "variables", None) and not isinstance(event, VariablesEdited):
            raise ApplicationError(limits.STATE_TOO_LARGE, type=messages.TOO_LARGE, non_retryable=True)
        known = graphs or self._performer.graphs
        refusal = check(known, self._state, event) if self._state is not None else None
        if refusal is not None:
            raise ApplicationError(refusal.sentence, type=refusal.rule, non_retryable=True)

    async def _take(
        self, event: Event, submission_id: str, actor: str, reason: str | None = None
    ) -> messages.Answer:
        number = self._answered.step_of(submission_id)
        if number is None:
            number = self._accept(event, submission_id, actor, reason)
        self._log.waiters += 1
        try:
            await workflow.wait_condition(lambda: self._log.recorded >= number)
        finally:
            self._log.waiters -= 1
        return messages.Answer(number)

    async def _operate(self, message: messages.Operate) -> messages.Answer:
        event = codec.load_event(message.event)
        return await self._take(event, message.operation_id, message.actor, message.reason)

    def _accept(self, event: Event, submission_id: str, actor: str, reason: str | None) -> int:
        try:
            # The validator ran in the same task, but another Update may have been applied between: check again.
            self._refuse_unless_possible(event)
            return self._apply(event, submission_id, actor, reason)
        except ApplicationError:
            raise
        except EventRefused as error:
            raise ApplicationError(error.refusal.sentence, type=error.refusal.rule, non_retryable=True) from error
        except Exception as error:
            raise ApplicationError(
                "系统无法执行这一办理动作,已通知管理员;您提交的内容没有丢失。",
                type=messages.ENGINE_FAILURE,
                non_retryable=True,
            ) from error

    async def _record(self) -> None:
        """One in flight, in step order; what piled up goes in one batch."""
        try:
            result = await workflow.execute_activity(
                contracts.RECORD,
                contracts.RecordInput(self._start.instance_id, self._log.batch()),
                result_type=contracts.RecordResult,
                start_to_close_timeout=RECORD_TIMEOUT,
                retry_policy=RECORD_RETRY,
            )
        except ActivityError as error:
            cause = error.cause
            self._halt(str(cause.type) if isinstance(cause, ApplicationError) else "record failed")
            await workflow.wait_condition(lambda: self._halted is None)
            return
        self._log.acknowledge(result.last_step, result.state_bytes)
        for text in result.events:
            self._hear(text)
        self._jobs.start_recorded(result.last_step)

    async def _run_timers(self) -> None:
        while True:
            await workflow.wait_condition(lambda: self._timers.earliest() is not None)
            earliest = self._timers.earliest()
            assert earliest is not None
            at, command = earliest
            wait = at - self._now()
            if wait > timedelta(0):
                try:
                    await workflow.wait_condition(
                        # Awaited here, before the loop goes on to another one.
                        lambda: self._timers.earliest() != earliest,  # noqa: B023
                        timeout=wait,
                        timeout_summary=command.element_id,
                    )
                    continue
                except TimeoutError:
                    pass
            if command.deadline_key is not None and not await self._confirmed(command):
                continue
            if self._timers.is_open(command):
                self._timers.cancel(command.timer_key)
                self._apply_if_possible(TimerFired(command.timer_key))

    async def _confirmed(self, timer: SetTimer) -> bool:
        try:
            answer = await self._jobs.confirm(timer)
        except ActivityError as error:
            self._halt(f"{contracts.CONFIRM_DEADLINE}: {type(error.cause).__name__}")
            await workflow.wait_condition(lambda: self._halted is None)
            return False
        if answer.event is not None:
            self._hear(answer.event)
        return answer.fire

    def _describe(self, shown: str, stage: str | None) -> None:
        if shown:
            workflow.set_current_details(shown)
        if stage and self._start.search_attributes:
            workflow.upsert_search_attributes([messages.STAGE.value_set(stage)])

    # --- Ends ----------------------------------------------------------------------------------------------------

    def _quiet(self) -> bool:
        earliest = self._timers.earliest()
        return not self._log.urgent and self._jobs.idle and (earliest is None or earliest[0] > self._now())

    def _has_work(self) -> bool:
        return self._log.urgent or self._finishing() or self._may_renew()

    def _finishing(self) -> bool:
        return self._performer.completed and self._jobs.idle

    def _finished(self) -> bool:
        return self._finishing() and self._log.settled and workflow.all_handlers_finished()

    def _may_renew(self) -> bool:
        wanted = self._renew or self._start.continue_each_step or workflow.info().is_continue_as_new_suggested()
        fresh = self._start.carried is not None and self._log.last_step == self._start.carried.last_step
        return (
            wanted
            and not self._log.too_large
            and not (self._start.continue_each_step and fresh)
            and not self._performer.completed
            and self._halted is None
            and not self._stuck
            and self._jobs.idle
            and not self._log.urgent
            and workflow.all_handlers_finished()
        )

    def _continue_as_new(self) -> None:
        assert self._state is not None
        carried = messages.Carried(
            codec.dump_state(self._state),
            self._log.last_step,
            self._log.digest,
            codec.dump_commands(self._open.values()),
            self._answered.carried(),
        )
        workflow.continue_as_new(
            args=[self._start.renewed(carried), GraphSet(self._performer.needed(self._state))]
        )
