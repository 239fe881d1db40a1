"""One batch of steps on its way into the stores: state, outstanding commands and read model, kept together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bpmn import codec
from bpmn.commands import Command, EvaluateDecision, ResolveDefinition
from bpmn.digest import chained
from bpmn.engine import advance
from bpmn.errors import BpmnError
from bpmn.events import DeadlineSet, DefinitionResolved, Event, InstanceMigrated, InstanceStarted, OperationUndone
from bpmn.model import Graph
from bpmn.outstanding import fold
from bpmn.semantics import UnknownSemantics
from bpmn.state import State
from bpmn.step import Step
from cases import act_positions, audit, lookups, positions
from cases.definitions import DefinitionStore
from cases.errors import Disagreement, Unavailable
from cases.projection.apply import project
from cases.projection.context import Projecting
from cases.projection.deadlines import current_event
from cases.statements import run, table_of
from cases.states import state_of
from cases.tables.clocks import Deadline
from cases.tables.engine import Instance, LoggedStep
from cases.tables.worklist import Submission

_LOG = insert(table_of(LoggedStep))
_SUBMISSION = table_of(Submission).c
_SEAL = (
    update(table_of(Submission))
    .where(_SUBMISSION.id == bindparam("of"))
    .values(status="done", step=bindparam("number"))
    .returning(
        _SUBMISSION.id, _SUBMISSION.act, _SUBMISSION.role, _SUBMISSION.unit, _SUBMISSION.on_behalf_of,
        _SUBMISSION.delegation_id, _SUBMISSION.occurred_at,
    )
)  # fmt: skip


@dataclass(frozen=True)
class Applied:
    """One step as the execution reports it. Without a ``digest`` it is taken as it comes out (reconcile)."""

    number: int
    event: str
    at: str
    digest: str | None
    submission_id: str | None = None
    actor: str | None = None
    reason: str | None = None


@dataclass
class Recorder:
    """``outstanding`` as ``bpmn.outstanding`` folds it; ``last_step``, ``at`` and ``digest`` as the chain goes on.

    The step rows and the instance row are written once, by ``finish``.
    """

    session: AsyncSession
    store: DefinitionStore
    instance: Instance
    state: State | None
    outstanding: Mapping[int, Command]
    last_step: int = field(init=False)
    at: datetime | None = field(init=False)
    digest: str = field(init=False)
    _rows: list[dict[str, Any]] = field(default_factory=list)
    _sealed: list[tuple[Applied, Event, datetime]] = field(default_factory=list)
    _clocks: list[DeadlineSet] = field(default_factory=list)

    def __post_init__(self) -> None:
        row = self.instance
        self.last_step, self.at, self.digest = row.last_step, row.last_step_at, row.digest

    async def apply(self, entry: Applied) -> None:
        """Raises Disagreement where the log comes to another result than the execution did."""
        event, at = codec.load_event(entry.event), datetime.fromisoformat(entry.at)
        graphs = await graphs_for(self.session, self.store, self.state, event)
        try:
            step = advance(graphs, self.state, event, at)
        except UnknownSemantics as error:
            # An upgrade is under way: a worker of the newer release records it at the next try.
            why = f"{self.instance.id}: 第{entry.number}步由较新的版本产生，等待新版工作进程记录。"
            raise Unavailable(why) from error
        except BpmnError as error:
            # The execution applied this event; on the logged state it cannot be: the two states differ.
            raise Disagreement(f"{self.instance.id}: 第{entry.number}步在步骤记录的状态上不能执行。") from error
        digest = chained(self.digest, entry.event, entry.at, codec.dump_commands(step.commands))
        if entry.digest is not None and digest != entry.digest:
            raise Disagreement(f"{self.instance.id}: 第{entry.number}步的执行结果与步骤记录的推演不一致。")
        await self._store(entry, event, at, graphs, step, digest)

    async def _store(
        self, entry: Applied, event: Event, at: datetime, graphs: Mapping[str, Graph], step: Step, digest: str
    ) -> None:
        instance = self.instance
        self.last_step, self.at, self.digest = entry.number, at, digest
        moved = isinstance(event, InstanceMigrated) and self.state is not None and event.scope_key == self.state.root
        self.state, self.outstanding = step.state, fold(self.outstanding, event, step.commands)
        self._rows.append(
            {
                "instance_id": instance.id, "number": entry.number, "digest": digest, "event": entry.event,
                "trace": [[t.kind, t.element_id, t.graph_hash, t.scope_key, t.detail] for t in step.trace], "at": at,
                "submission_id": entry.submission_id, "actor": entry.actor,
            }
        )  # fmt: skip
        ctx = Projecting(self.session, instance, dict(graphs), entry.number, at)
        await project(ctx, step)
        if isinstance(event, InstanceMigrated) and moved:
            instance.graph_hash, instance.process_id = event.to.hash, event.to.process_id
        self._clocks += ctx.answers
        if entry.submission_id is not None or entry.reason is not None:
            self._sealed.append((entry, event, at))

    async def remember_clocks(self) -> None:
        """Deadlines that the state has not been told of, when the steps that set them came in an earlier batch."""
        rows = await self.session.scalars(
            select(Deadline).where(Deadline.instance_id == self.instance.id).order_by(Deadline.key)
        )
        self._clocks += [current_event(row) for row in rows]

    async def answer(self, at: str) -> Applied | None:
        """Applies the next event that only the log can give: a deadline's instants, a callee, a decision."""
        event = await self._owed(datetime.fromisoformat(at))
        if event is None:
            return None
        entry = Applied(self.last_step + 1, codec.dump_event(event), at, None)
        await self.apply(entry)
        return entry

    def owes(self) -> bool:
        return bool(self._open_clocks() or self._open_lookups())

    async def _owed(self, at: datetime) -> Event | None:
        self._clocks = self._open_clocks()
        if self._clocks:
            return self._clocks.pop(0)
        for asked in self._open_lookups():
            if isinstance(asked, ResolveDefinition):
                return await lookups.resolve(self.session, self.store, self.instance.pack, asked)
            return await lookups.evaluate(self.session, self.store, self.instance.pack, asked, at)
        return None

    def _open_clocks(self) -> list[DeadlineSet]:
        """In order of their keys; what the state knows already, or knows no more, is left out."""
        live = self.state.deadlines if self.state is not None and self.state.status == "running" else {}
        found = [event for event in self._clocks if event.deadline_key in live]
        found = [event for event in found if event.revision > live[event.deadline_key].revision]
        return sorted(found, key=lambda event: (event.deadline_key, event.revision))

    def _open_lookups(self) -> list[ResolveDefinition | EvaluateDecision]:
        """What asked may have been interrupted later in the same batch: then nobody waits."""
        waits = self.state.waits if self.state is not None and self.state.status == "running" else {}
        asked = [one for one in self.outstanding.values() if isinstance(one, ResolveDefinition | EvaluateDecision)]
        return [one for one in asked if one.request_key in waits]

    async def finish(self) -> None:
        assert self.state is not None, "a batch that applied something leaves a state"
        row = self.instance
        row.last_step, row.last_step_at, row.digest, row.halted = self.last_step, self.at, self.digest, None
        row.state, row.outstanding = codec.dump_state(self.state), codec.dump_commands(self.outstanding.values())
        if row.status == "starting":
            row.status = "active"
        await run(self.session, _LOG, self._rows)
        await positions.refresh(self.session, [self.instance.business_key])
        # Last, since the audit log makes its writers take turns until they commit.
        for entry, event, at in self._sealed:
            if entry.reason is not None:
                await account_for(self.session, self.instance, entry, event, at)
            else:
                await seal(self.session, self.instance, entry, at)


async def graphs_for(
    session: AsyncSession, store: DefinitionStore, state: State | None, event: Event
) -> Mapping[str, Graph]:
    needed = list(state.graph_hashes()) if state is not None else []
    if isinstance(event, InstanceStarted | DefinitionResolved):
        needed.append(event.ref.hash)
    elif isinstance(event, InstanceMigrated):
        needed.append(event.to.hash)
    elif isinstance(event, OperationUndone):
        needed += state_of(event.before).graph_hashes()
    return {hash_: await store.graph(session, hash_) for hash_ in needed}


async def account_for(session: AsyncSession, instance: Instance, entry: Applied, event: Event, at: datetime) -> None:
    """An operator's act, with the step in one transaction: no act without its reason, whatever is killed."""
    facts = {
        "reason": entry.reason, "step": entry.number, "operation": entry.submission_id, "instance": instance.id
    }  # fmt: skip
    await audit.append(
        session, at=at, recorded_at=at, actor=entry.actor or "", act=f"operate:{type(event).__name__}",
        complaint_id=instance.business_key, facts=facts,
    )  # fmt: skip


async def seal(session: AsyncSession, instance: Instance, entry: Applied, at: datetime) -> None:
    row = (await run(session, _SEAL, {"of": entry.submission_id, "number": entry.number})).one_or_none()
    if row is not None:
        facts: dict[str, Any] = {"submission": row.id, "unit": row.unit, "role": row.role}
        if row.on_behalf_of is not None:
            facts |= {"on_behalf_of": row.on_behalf_of, "delegation": row.delegation_id}
        await audit.append(
            session, at=row.occurred_at, recorded_at=at, actor=entry.actor or row.role, act=row.act,
            complaint_id=instance.business_key, facts=facts,
        )  # fmt: skip
        if row.act in act_positions.COUNTED:
            await act_positions.note(session, row.id)
