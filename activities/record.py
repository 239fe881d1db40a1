"""The record of applied steps, and the one question that an execution asks of the stores between steps."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities import contracts
from activities.stores import Stores
from bpmn import codec
from bpmn.answers import Answers
from cases.projection.deadlines import current_event
from cases.recorder import Applied
from cases.steps import record
from cases.tables.clocks import Deadline, RungClaim
from cases.tables.engine import Instance

# Types of error at which the execution stops recording until an operator resumes it.
HALTING = (contracts.STORES_DISAGREE, contracts.DATA_ERROR)


class Recording:
    def __init__(self, stores: Stores) -> None:
        self._stores = stores

    @activity.defn(name=contracts.RECORD)
    async def record(self, given: contracts.RecordInput) -> Answers:
        entries = [
            Applied(e.number, e.event, e.at, e.digest, e.submission_id, e.actor, e.reason) for e in given.entries
        ]
        try:
            async with self._stores.transaction() as session:
                return await record(
                    session,
                    self._stores.definitions,
                    self._stores.states,
                    given.instance_id,
                    entries,
                    given.last_step,
                )
        except ApplicationError as error:
            if error.type in HALTING:
                await self._halt(given.instance_id, str(error.type))
                raise ApplicationError(error.message, type=error.type, non_retryable=True) from None
            raise
        except (SQLAlchemyError, OSError):
            raise  # a store that is away: retried without end
        except Exception as error:
            # What cannot be projected today cannot be in five seconds: visible instead of retried for ever.
            await self._halt(given.instance_id, contracts.DATA_ERROR)
            raise ApplicationError(type(error).__name__, type=contracts.DATA_ERROR, non_retryable=True) from None

    async def _halt(self, instance_id: str, why: str) -> None:
        """In a transaction of its own, since the record's was undone. The next step that is recorded clears it."""
        async with self._stores.transaction() as session:
            await session.execute(update(Instance).where(Instance.id == instance_id).values(halted=why))

    @activity.defn(name=contracts.CONFIRM_DEADLINE)
    async def confirm_deadline(self, given: contracts.ConfirmInput) -> contracts.ConfirmResult:
        """Firing is a question: the row decides. A claim is unique per rung, so each rung fires once, ever."""
        async with self._stores.transaction() as session:
            row = await session.get(Deadline, (given.instance_id, given.deadline_key), with_for_update=True)
            if row is None or row.status != "running":
                return contracts.ConfirmResult(False, None)
            if row.revision != given.revision:
                return contracts.ConfirmResult(False, codec.dump_event(current_event(row)))
            at = row.rungs.get(given.rung)
            if at is None or datetime.fromisoformat(str(at)) > datetime.fromisoformat(given.at):
                return contracts.ConfirmResult(False, codec.dump_event(current_event(row)))
            claim = insert(RungClaim).values(
                instance_id=given.instance_id, deadline_key=given.deadline_key, rung=given.rung,
                revision=given.revision, at=datetime.fromisoformat(given.at),
            )  # fmt: skip
            await session.execute(claim.on_conflict_do_nothing())
        return contracts.ConfirmResult(True)
