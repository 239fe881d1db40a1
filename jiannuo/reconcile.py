"""Bringing Temporal and the step log together again: after a restore, a new Temporal file, or a halt.

Safe to run at any time, also beside workers: each instance is decided under its row's lock, where no record can pass.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from temporalio.client import Client

from activities.stores import Stores
from bpmn import codec
from bpmn.answers import ANSWERS
from bpmn.digest import GENESIS
from bpmn.graphset import GraphSet
from bpmn.instance.migrations import UnknownVersion
from bpmn.semantics import BEGUN, UnknownSemantics
from bpmn.state import State
from cases.errors import Problem
from cases.projection.deadlines import current_event
from cases.reconcile import rebuild
from cases.steps import record
from cases.tables.clocks import Deadline
from cases.tables.engine import Incident, Instance, LoggedStep
from cases.tables.ledger import Outbox
from jiannuo.reconcile_history import Seen, look, steps_after
from jiannuo.reconcile_verdict import Verdict, verdict
from workflows import client as calls
from workflows import messages
from workflows.answered import KEPT

ENDED = ("completed", "cancelled")
# Keys of the core count up from 1: an incident of the two stores has one that it never gives.
INCIDENT_KEY = -1


# No incident of the case: whoever reads it with the right release finds it in order.
NEWER = (UnknownSemantics, UnknownVersion)
OF_A_NEWER_RELEASE = "A newer release has recorded this case: run its reconcile. Nothing was changed."


@dataclass(frozen=True)
class Finding:
    """``found`` is what was seen, ``done`` what was done (``would …`` in a dry run); ``open`` if it remains."""

    instance_id: str
    found: str
    done: str = ""
    open: bool = False


class Unreconciled(Problem):
    """This instance needs a person. The sentence says why."""

    code = "unreconciled"


@dataclass(frozen=True)
class Reconciler:
    """``semantics``: of a case that has not recorded a step yet; any other has its number in its state."""

    stores: Stores
    client: Client
    task_queue: str
    dry_run: bool = False
    semantics: int = BEGUN

    async def all(self) -> AsyncIterator[Finding]:
        """One finding per instance with anything to tell; what is in order is passed over in silence."""
        async with self.stores.sessions() as session:
            known = (await session.scalars(select(Instance.id).order_by(Instance.created_at, Instance.id))).all()
        for instance_id in known:
            found = await self.one(instance_id)
            if found is not None:
                yield found
        async for execution in self.client.list_workflows(
            f"WorkflowType = '{messages.WORKFLOW}' AND ExecutionStatus = 'Running'"
        ):
            if execution.id not in known:
                yield Finding(
                    execution.id,
                    "This execution runs, and the database knows no such instance: it was begun after the backup "
                    "that was restored. What its complaint said is lost; file it again and terminate the execution.",
                    open=True,
                )

    async def one(self, instance_id: str) -> Finding | None:
        try:
            async with self.stores.sessions.begin() as session:
                wanted = select(Instance).where(Instance.id == instance_id).with_for_update(key_share=True)
                instance = await session.scalar(wanted)
                assert instance is not None, "an instance is never deleted"
                finding = await self._settle(session, instance)
                if self.dry_run:
                    await session.rollback()
        except NEWER:
            return Finding(instance_id, OF_A_NEWER_RELEASE, open=True)
        except Problem as problem:
            if isinstance(problem.__cause__, NEWER):
                return Finding(instance_id, OF_A_NEWER_RELEASE, open=True)
            await self._note_incident(instance_id, problem.sentence)
            return Finding(instance_id, problem.sentence, open=True)
        return finding

    async def _settle(self, session: AsyncSession, instance: Instance) -> Finding | None:
        seen = await look(self.client, instance.id)
        if seen.silent is not None:
            raise Unreconciled(f"The execution did not answer ({seen.silent}): is a worker running?")
        done = []
        again = await self._record_again(session, instance, seen)
        if again:
            done.append(f"recorded {again} steps again from the execution's history")
        await self._require_sound(session, instance)
        await _resolve_incident(session, instance)
        if instance.status in ENDED:
            return await self._end(instance, seen, done)
        if await self._must_begin_anew(session, instance, seen):
            if await self._promised(session, instance) and instance.state is None:
                return None  # the relay starts it
            if not self.dry_run:
                await self._begin_anew(session, instance)
            done.append(f"began a new execution at step {instance.last_step}")
        halted = seen.position.halted if seen.position else None
        if done:
            finding = Finding(instance.id, _saw(seen, instance), self._tense("; ".join(done)))
        elif halted:
            finding = Finding(instance.id, f"The execution was halted: {halted}.", self._tense("resumed it"))
        else:
            return None
        if halted and not self.dry_run:
            await self.client.get_workflow_handle(instance.id).signal(messages.SIGNAL_RESUME)
        return finding

    async def _record_again(self, session: AsyncSession, instance: Instance, seen: Seen) -> int:
        """Steps that the execution recorded, in a database that is no more."""
        behind = seen.position is not None and seen.position.recorded > instance.last_step
        ended_unheard = seen.open is False and instance.status not in ENDED
        if not behind and not ended_unheard:
            return 0
        entries = await steps_after(self.client, instance.id, instance.last_step)
        if seen.position is not None:
            entries = [entry for entry in entries if entry.number <= seen.position.recorded]
        if behind and (not entries or entries[0].number != instance.last_step + 1):
            raise Unreconciled(
                f"The log ends at step {instance.last_step}, and Temporal no longer keeps the steps after it: restore "
                "a newer backup of the database."
            )
        if entries:
            stores, last = self.stores, entries[-1].number
            await record(session, stores.definitions, stores.states, instance.id, entries, last)
        return len(entries)

    async def _require_sound(self, session: AsyncSession, instance: Instance) -> None:
        rebuilt = await rebuild(session, self.stores.definitions, instance.id)
        if rebuilt.broken_at is not None:
            raise Unreconciled(f"Step {rebuilt.broken_at} of the log does not follow from those before it.")
        if rebuilt.differences:
            told = "; ".join(f"{d.table} {d.key}: {d.found}, logged {d.logged}" for d in rebuilt.differences[:5])
            raise Unreconciled(f"The rows differ from the step log: {told}.")

    async def _must_begin_anew(self, session: AsyncSession, instance: Instance, seen: Seen) -> bool:
        if seen.position is None:
            return True
        digests = await _digests(session, instance.id)
        found = verdict(digests, seen.position, await _answers(session, instance.id, seen.position.recorded))
        if found is Verdict.DISAGREE:
            raise Unreconciled(
                f"Step {seen.position.recorded} was recorded with another content than the log has: "
                "the execution and the database come from different installations or a damaged backup."
            )
        return found is Verdict.TEMPORAL_BEHIND

    async def _promised(self, session: AsyncSession, instance: Instance) -> bool:
        row = await session.scalar(
            select(Outbox.id).where(Outbox.kind == "start", Outbox.ref == instance.id, Outbox.done_at.is_(None))
        )
        return row is not None

    async def _begin_anew(self, session: AsyncSession, instance: Instance) -> None:
        carried = await carried_of(session, instance)
        state = codec.load_state(instance.state) if instance.state else None
        hashes = state.graph_hashes() if state else (instance.graph_hash,)
        graphs = {hash_: await self.stores.definitions.graph(session, hash_) for hash_ in hashes}
        given = messages.ProcessStart(
            instance.id, instance.graph_hash, instance.process_id, instance.business_key,
            "{}" if carried else instance.variables, instance.clock_offset_s, instance.start_event,
            instance.start_definition, carried, semantics=self.semantics,
        )  # fmt: skip
        await calls.start(self.client, self.task_queue, given, GraphSet(graphs), replace=True)
        instance.halted = None

    async def _end(self, instance: Instance, seen: Seen, done: list[str]) -> Finding | None:
        if seen.position is not None and instance.digest not in seen.position.tail:
            if not self.dry_run:
                await self.client.get_workflow_handle(instance.id).terminate("the case has ended; see the step log")
            return Finding(instance.id, "The execution runs, but the case has ended.", self._tense("terminated it"))
        return Finding(instance.id, "The log was behind.", self._tense(done[0])) if done else None

    def _tense(self, done: str) -> str:
        return f"would have {done}" if self.dry_run else done

    async def _note_incident(self, instance_id: str, sentence: str) -> None:
        if self.dry_run:
            return
        async with self.stores.sessions.begin() as session:
            await session.execute(update(Instance).where(Instance.id == instance_id).values(halted="Unreconciled"))
            row = await session.get(Incident, (instance_id, INCIDENT_KEY))
            if row is None:
                row = Incident(instance_id=instance_id, key=INCIDENT_KEY, token_key=0, element_id="", rule="reconcile")
                session.add(row)
            row.reason, row.raised_at, row.resolved_at = sentence, datetime.now(UTC), None


async def _resolve_incident(session: AsyncSession, instance: Instance) -> None:
    row = await session.get(Incident, (instance.id, INCIDENT_KEY))
    if row is not None and row.resolved_at is None:
        row.resolved_at = datetime.now(UTC)
        instance.halted = None


def _saw(seen: Seen, instance: Instance) -> str:
    if seen.open is None:
        return "Temporal knew no execution."
    if seen.position is None:
        return "The execution was closed, but the case is open."
    return f"The execution had recorded step {seen.position.recorded}."


async def _digests(session: AsyncSession, instance_id: str) -> dict[int, str]:
    rows = await session.execute(
        select(LoggedStep.number, LoggedStep.digest).where(LoggedStep.instance_id == instance_id)
    )
    return {0: GENESIS, **{row.number: row.digest for row in rows}}


async def _answers(session: AsyncSession, instance_id: str, after: int) -> set[int]:
    rows = await session.execute(
        select(LoggedStep.number, LoggedStep.event).where(
            LoggedStep.instance_id == instance_id, LoggedStep.number > after, LoggedStep.submission_id.is_(None)
        )
    )
    return {row.number for row in rows if isinstance(codec.load_event(row.event), ANSWERS)}


async def carried_of(session: AsyncSession, instance: Instance) -> messages.Carried | None:
    """What a new execution takes up; None where nothing has happened yet."""
    if instance.state is None:
        return None
    acts = await session.execute(
        select(LoggedStep.submission_id, LoggedStep.number)
        .where(LoggedStep.instance_id == instance.id, LoggedStep.submission_id.is_not(None))
        .order_by(LoggedStep.number.desc())
        .limit(KEPT)
    )
    answered = {str(submission_id): number for submission_id, number in reversed(acts.all())}
    events = await _unheard(session, instance.id, codec.load_state(instance.state))
    return messages.Carried(instance.state, instance.last_step, instance.digest, instance.outstanding, answered, events)


async def _unheard(session: AsyncSession, instance_id: str, state: State) -> list[str]:
    """Deadlines whose latest revision the log has not heard of: it is recorded with the next step, which never came."""
    rows = await session.scalars(select(Deadline).where(Deadline.instance_id == instance_id).order_by(Deadline.key))
    return [
        codec.dump_event(current_event(row))
        for row in rows
        if row.key in state.deadlines and row.revision > state.deadlines[row.key].revision
    ]
