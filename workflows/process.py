"""The one workflow type: runs any deployed model. Decides nothing; the pure core does, this performs its commands.

Order inside one execution: a handler applies its event at once (so of two simultaneous completions one wins), the
record activity stores the applied steps in batches, and only then do jobs of those steps start and Updates answer.
While a record is in flight nothing is applied, since it may answer with steps of its own: an event waits its turn.
"""

from __future__ import annotations

import asyncio

from temporalio import workflow

from bpmn import codec
from bpmn.events import SemanticsRaised
from bpmn.graphset import GraphSet
from bpmn.semantics import rules_of
from workflows import messages
from workflows.execution import Execution


@workflow.defn(name=messages.WORKFLOW)
class Process:
    @workflow.init
    def __init__(self, start: messages.ProcessStart, graphs: GraphSet) -> None:
        # Handlers may run before run() does, so everything they need is built here. A worker that does not know the
        # case's rules fails the task here, and Temporal gives it to another worker: an upgrade is under way.
        self._case = Execution(start, graphs)
        self._renew = False

    @workflow.run
    async def run(self, start: messages.ProcessStart, graphs: GraphSet) -> int:
        """Returns the number of the last step. The result's content is in the step log, not in the history."""
        timers = asyncio.create_task(self._case.timer_loop().run())
        try:
            while True:
                await workflow.wait_condition(self._has_work)
                if self._case.unrecorded:
                    await self._case.record()
                elif self._case.finished():
                    return self._case.log.last_step
                else:
                    workflow.continue_as_new(args=self._case.renewed())
        finally:
            timers.cancel()

    def _has_work(self) -> bool:
        return self._case.unrecorded or self._case.finished() or self._may_renew()

    def _may_renew(self) -> bool:
        return self._case.may_renew(self._renew or workflow.info().is_continue_as_new_suggested())

    # --- Updates -------------------------------------------------------------------------------------------------

    @workflow.update(name=messages.UPDATE_SUBMIT)
    async def submit(self, message: messages.Submit) -> messages.Answer:
        return await self._case.take(codec.load_event(message.event), message.submission_id, message.actor)

    @submit.validator
    def validate_submit(self, message: messages.Submit) -> None:
        self._case.validate(message.event, message.submission_id)

    @workflow.update(name=messages.UPDATE_OPERATE)
    async def operate(self, message: messages.Operate) -> messages.Answer:
        return await self._operate(message)

    @operate.validator
    def validate_operate(self, message: messages.Operate) -> None:
        self._case.validate(message.event, message.operation_id)

    @workflow.update(name=messages.UPDATE_MIGRATE)
    async def migrate(self, message: messages.Operate, graphs: GraphSet) -> messages.Answer:
        """``graphs`` holds the new model: it is not among those that the open scopes use."""
        self._case.learn(graphs)
        return await self._operate(message)

    @migrate.validator
    def validate_migrate(self, message: messages.Operate, graphs: GraphSet) -> None:
        self._case.validate(message.event, message.operation_id, graphs)

    async def _operate(self, message: messages.Operate) -> messages.Answer:
        event = codec.load_event(message.event)
        return await self._case.take(event, message.operation_id, message.actor, message.reason)

    # --- Signals and queries -------------------------------------------------------------------------------------

    @workflow.signal(name=messages.SIGNAL_CONTINUE_AS_NEW)
    async def continue_as_new_soon(self, semantics: int | None = None) -> None:
        """For upgrades: open cases move to the new code, and to the rules of this number, at the next quiet moment."""
        if semantics is not None:
            rules_of(semantics)  # by a worker of the release before: given back, as in __init__
            await self._case.turn()
            self._case.apply_if_possible(SemanticsRaised(semantics))
        self._renew = True

    @workflow.signal(name=messages.SIGNAL_DEADLINE)
    async def deadline_moved(self, event: str) -> None:
        """A calendar change moved a deadline earlier than its armed timers; older revisions are ignored by the core."""
        await self._case.turn()
        self._case.hear(event)

    @workflow.signal(name=messages.SIGNAL_RESUME)
    async def resume(self) -> None:
        """An operator mended what halted the record, or what made the core fail: try again."""
        await self._case.resume()

    @workflow.query(name=messages.QUERY_STATE)
    def state(self) -> messages.Position:
        return self._case.position()
