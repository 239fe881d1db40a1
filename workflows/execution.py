"""One case in execution: applies events through the core, records them, performs what the core commands.

Nothing here is seen by Temporal; ``workflows.process`` gives it the Updates, signals and the main coroutine.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError

from activities import contracts
from bpmn import codec
from bpmn.answers import Answers
from bpmn.commands import EvaluateDecision, ResolveDefinition
from bpmn.engine import advance, check
from bpmn.errors import EventRefused
from bpmn.events import Event, GraphRef, InstanceStarted, TimerFired, VariablesEdited
from bpmn.graphset import GraphSet
from bpmn.model import Graph
from bpmn.outstanding import Open, fold, opened
from bpmn.semantics import rules_of
from bpmn.state import State
from workflows import limits, messages
from workflows.answered import Answered
from workflows.describe import details, show
from workflows.perform import Jobs, Performer
from workflows.steplog import StepLog
from workflows.timer_loop import TimerLoop
from workflows.timers import Timers

# Without end, so that a PostgreSQL outage of hours costs nothing but waiting; Temporal's default backs off to 100 s.
RECORD_RETRY = RetryPolicy(initial_interval=timedelta(seconds=0.2), maximum_interval=timedelta(seconds=5))
RECORD_TIMEOUT = timedelta(seconds=30)


class Execution:
    def __init__(self, start: messages.ProcessStart, graphs: GraphSet) -> None:
        rules_of(start.semantics)
        self._start = start
        self._offset = timedelta(seconds=start.clock_offset_s)
        self._timers = Timers()
        self._jobs = Jobs(start.instance_id, self._now, self.turn, self.apply_if_possible)
        self._performer = Performer(self._timers, self._jobs, dict(graphs.graphs))
        self._halted: str | None = None
        self._recording = False
        self._stuck: list[Event] = []
        self._open: Open = {}
        carried = start.carried
        self._answered = Answered(carried.answered if carried else None)
        if carried is not None:
            self.log = StepLog(carried.last_step, carried.digest)
            self._state: State | None = codec.load_state(carried.state)
            rules_of(self._state.semantics)
            self._open = opened(codec.load_commands(carried.outstanding))
            self.log.owed = any(
                isinstance(command, ResolveDefinition | EvaluateDecision) for command in self._open.values()
            )
            for command in self._open.values():
                self._performer.perform(carried.last_step, command)
            self._jobs.start_recorded(carried.last_step)
            for text in carried.events:
                self.hear(text)
            return
        self.log = StepLog()
        self._state = None
        self.apply_if_possible(
            InstanceStarted(
                GraphRef(start.graph_hash, start.process_id),
                start.business_key,
                codec.load_variables(start.variables),
                start.start_event,
                start.definition,
                semantics=start.semantics,
            )
        )

    @property
    def unrecorded(self) -> bool:
        return not self.log.settled

    def timer_loop(self) -> TimerLoop:
        return TimerLoop(
            self._timers,
            self._now,
            self._jobs.confirm,
            self.turn,
            self._halt_until_resumed,
            self.hear,
            lambda key: self.apply_if_possible(TimerFired(key)),
        )

    def _now(self) -> datetime:
        """The case's own time axis: Temporal's clock, shifted only in rehearsals."""
        return workflow.now() + self._offset

    async def turn(self) -> None:
        while self._recording:
            await workflow.wait_condition(lambda: not self._recording)

    def _apply(
        self,
        event: Event,
        submission_id: str | None = None,
        actor: str | None = None,
        reason: str | None = None,
        logged_at: datetime | None = None,
    ) -> int:
        """``logged_at``: the instant of a step that the log has applied and stored already."""
        now = logged_at or self._now()
        step = advance(self._performer.graphs, self._state, event, now)
        still_open = fold(self._open, event, step.commands)
        event_text, commands_text = codec.dump_event(event), codec.dump_commands(step.commands)
        shown, stage = details(self._performer.graphs, step)
        # Up to here nothing has changed: a fault above leaves the execution as it was.
        self._state, self._open = step.state, still_open
        if logged_at is None:
            number = self.log.append(
                event_text, commands_text, now, submission_id=submission_id, actor=actor, reason=reason
            )
        else:
            number = self.log.follow(event_text, commands_text, now)
        for command in step.commands:
            self._performer.perform(number, command)
        if submission_id is not None:
            self._answered.note(submission_id, number)
        show(shown, stage if self._start.search_attributes else None)
        return number

    def hear(self, text: str) -> None:
        """An event that an activity or a signal brings as text."""
        try:
            event = codec.load_event(text)
        except Exception as error:  # written by a newer release, say: visible, and not a workflow task failing for ever
            self._halt(f"unreadable event: {type(error).__name__}")
            return
        self.apply_if_possible(event)

    def apply_if_possible(self, event: Event) -> None:
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

    async def resume(self) -> None:
        self._halted = None
        await self.turn()
        stuck, self._stuck = self._stuck, []
        for event in stuck:
            self.apply_if_possible(event)

    async def _halt_until_resumed(self, why: str) -> None:
        self._halt(why)
        await workflow.wait_condition(lambda: self._halted is None)

    def learn(self, graphs: GraphSet) -> None:
        """Kept until the execution renews itself even if a plan is refused: the replay takes the same way."""
        self._performer.graphs.update(graphs.graphs)

    def validate(self, text: str, submission_id: str, graphs: GraphSet | None = None) -> None:
        """Raises what the caller is told; what was applied before is answered again."""
        if self._answered.step_of(submission_id) is None:
            limits.refuse_large(text)
            limits.refuse_crowd(self._halted is None and self.log.crowded(self._now()))
            known = {**self._performer.graphs, **graphs.graphs} if graphs else self._performer.graphs
            self._refuse_unless_possible(codec.load_event(text), known)

    def _refuse_unless_possible(self, event: Event, graphs: Mapping[str, Graph]) -> None:
        if self._halted is not None:
            raise ApplicationError("案件记录暂停,需由管理员处理后才能继续。", type=messages.HALTED, non_retryable=True)
        if self.log.too_large and getattr(event, "variables", None) and not isinstance(event, VariablesEdited):
            raise ApplicationError(limits.STATE_TOO_LARGE, type=messages.TOO_LARGE, non_retryable=True)
        refusal = check(graphs, self._state, event) if self._state is not None else None
        if refusal is not None:
            raise ApplicationError(refusal.sentence, type=refusal.rule, non_retryable=True)

    async def take(self, event: Event, submission_id: str, actor: str, reason: str | None = None) -> messages.Answer:
        self.log.waiters += 1
        try:
            await self.turn()
            number = self._answered.step_of(submission_id)
            if number is None:
                number = self._accept(event, submission_id, actor, reason)
            await workflow.wait_condition(lambda: self.log.recorded >= number)
        finally:
            self.log.waiters -= 1
        return messages.Answer(number)

    def _accept(self, event: Event, submission_id: str, actor: str, reason: str | None) -> int:
        try:
            # The validator ran before, but another event may have been applied between: check again.
            self._refuse_unless_possible(event, self._performer.graphs)
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

    async def record(self) -> None:
        """One in flight, in step order; what piled up goes in one batch."""
        self._recording = True
        try:
            answers: Answers = await workflow.execute_activity(
                contracts.RECORD,
                contracts.RecordInput(self._start.instance_id, self.log.batch(), self.log.last_step),
                result_type=Answers,
                start_to_close_timeout=RECORD_TIMEOUT,
                retry_policy=RECORD_RETRY,
            )
            await self._follow(answers)
        except ActivityError as error:
            cause = error.cause
            await self._halt_until_resumed(str(cause.type) if isinstance(cause, ApplicationError) else "record failed")
        finally:
            self._recording = False

    async def _follow(self, answers: Answers) -> None:
        """Applies what the log has applied after the batch; both must have come to the same."""
        self.learn(answers.graphs)
        try:
            for text in answers.events:
                self._apply(codec.load_event(text), logged_at=datetime.fromisoformat(answers.at))
        except Exception as error:  # written by a newer release, say: visible, and not a workflow task failing for ever
            await self._halt_until_resumed(f"unreadable answer: {type(error).__name__}")
            return
        if answers.events and answers.digest != self.log.digest:
            await self._halt_until_resumed(contracts.STORES_DISAGREE)
            return
        self.log.acknowledge(owed=answers.more, state_bytes=answers.state_bytes)
        self._jobs.start_recorded(self.log.recorded)

    # --- Where it stands -----------------------------------------------------------------------------------------

    def quiet(self) -> bool:
        earliest = self._timers.earliest()
        return (
            self.log.settled
            and not self._recording
            and self._jobs.idle
            and (earliest is None or earliest[0] > self._now())
        )

    def position(self) -> messages.Position:
        return messages.Position(
            self.log.last_step,
            self.log.recorded,
            self.log.digest,
            codec.dump_state(self._state) if self._state is not None else "",
            self._halted,
            self.quiet(),
            self.log.tail,
        )

    def finished(self) -> bool:
        done = self._performer.completed and self._jobs.idle and self.log.settled
        return done and workflow.all_handlers_finished()

    def may_renew(self, wanted: bool) -> bool:
        carried = self._start.carried
        fresh = carried is not None and self.log.last_step == carried.last_step
        return (
            (wanted or self._start.continue_each_step)
            and not (self._start.continue_each_step and fresh)
            and not (self._performer.completed or self.log.too_large)
            and self._halted is None
            and not self._stuck
            and self._jobs.idle
            and self.log.settled
            and workflow.all_handlers_finished()
        )

    def renewed(self) -> tuple[messages.ProcessStart, GraphSet]:
        """The input of the next run."""
        assert self._state is not None
        carried = messages.Carried(
            codec.dump_state(self._state),
            self.log.last_step,
            self.log.digest,
            codec.dump_commands(self._open.values()),
            self._answered.carried(),
        )
        return self._start.renewed(carried), GraphSet(self._performer.needed(self._state))
