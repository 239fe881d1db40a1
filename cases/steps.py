"""The step log: applying an execution's steps to the stores, once each, in order.

The execution sends events, not states: the core is pure, so replaying the event on the logged state gives the state
the execution has. The chained digest covers the core's answer and shows it when the two ever differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bpmn import codec
from bpmn.digest import chained
from bpmn.engine import advance
from bpmn.errors import BpmnError
from bpmn.events import DeadlineSet, DefinitionResolved, Event, InstanceMigrated, InstanceStarted, OperationUndone
from bpmn.model import Graph
from bpmn.outstanding import fold, opened
from bpmn.semantics import UnknownSemantics
from bpmn.state import State
from cases import audit, positions
from cases.definitions import DefinitionStore
from cases.errors import Disagreement, NotFound, Unavailable
from cases.projection.apply import project
from cases.projection.context import Projecting
from cases.projection.deadlines import current_event
from cases.tables.clocks import Deadline
from cases.tables.engine import Instance, LoggedStep
from cases.tables.worklist import Submission

CACHED_STATES = 2_000


@dataclass(frozen=True)
class Applied:
    """One step as the execution reports it."""

    number: int
    event: str
    at: str
    digest: str
    submission_id: str | None = None
    actor: str | None = None
    reason: str | None = None


@dataclass
class StateCache:
    """Parsed states by digest, so that a record does not read back what it wrote a moment ago. Oldest out first."""

    states: dict[str, State] = field(default_factory=dict)

    def get(self, digest: str) -> State | None:
        return self.states.get(digest)

    def put(self, digest: str, state: State) -> None:
        self.states[digest] = state
        while len(self.states) > CACHED_STATES:
            del self.states[next(iter(self.states))]


async def record(
    session: AsyncSession, store: DefinitionStore, cache: StateCache, instance_id: str, entries: list[Applied]
) -> tuple[int, list[DeadlineSet]]:
    """Returns the last step stored and the deadlines that these steps set. Raises Disagreement, Unavailable (gap)."""
    instance = await session.scalar(select(Instance).where(Instance.id == instance_id).with_for_update())
    if instance is None:
        raise NotFound(f"步骤记录中没有实例 {instance_id}。")
    fresh = [entry for entry in entries if entry.number > instance.last_step]
    await _require_same(session, instance, [entry for entry in entries if entry.number <= instance.last_step])
    if fresh and fresh[0].number != instance.last_step + 1:
        raise Unavailable(f"{instance_id}: 第{instance.last_step + 1}步尚未到达,先到了第{fresh[0].number}步。")
    state = cache.get(instance.digest) or (codec.load_state(instance.state) if instance.state else None)
    for entry in fresh:
        state = await _apply(session, store, instance, state, entry)
    if fresh and state is not None:
        instance.halted = None
        instance.state = codec.dump_state(state)
        cache.put(instance.digest, state)
        if instance.status == "starting":
            instance.status = "active"
    await session.flush()
    if fresh:
        await positions.refresh(session, [instance.business_key])
    first = entries[0].number if entries else instance.last_step + 1
    return instance.last_step, await _set_since(session, instance_id, first)


async def graphs_for(
    session: AsyncSession, store: DefinitionStore, state: State | None, event: Event
) -> Mapping[str, Graph]:
    needed = list(state.graph_hashes()) if state is not None else []
    if isinstance(event, InstanceStarted | DefinitionResolved):
        needed.append(event.ref.hash)
    elif isinstance(event, InstanceMigrated):
        needed.append(event.to.hash)
    elif isinstance(event, OperationUndone):
        needed += codec.load_state(event.before).graph_hashes()
    return {hash_: await store.graph(session, hash_) for hash_ in needed}


async def _apply(
    session: AsyncSession, store: DefinitionStore, instance: Instance, state: State | None, entry: Applied
) -> State:
    event, at = codec.load_event(entry.event), datetime.fromisoformat(entry.at)
    graphs = await graphs_for(session, store, state, event)
    try:
        step = advance(graphs, state, event, at)
    except UnknownSemantics as error:
        # An upgrade is under way: a worker of the newer release records it at the next try.
        raise Unavailable(f"{instance.id}: 第{entry.number}步由较新的版本产生，等待新版工作进程记录。") from error
    except BpmnError as error:
        # The execution applied this event; on the logged state it cannot be: the two states differ.
        raise Disagreement(f"{instance.id}: 第{entry.number}步在步骤记录的状态上不能执行。") from error
    if chained(instance.digest, entry.event, entry.at, codec.dump_commands(step.commands)) != entry.digest:
        raise Disagreement(f"{instance.id}: 第{entry.number}步的执行结果与步骤记录的推演不一致。")
    ctx = Projecting(session, instance, dict(graphs), entry.number, at)
    instance.last_step, instance.last_step_at, instance.digest = entry.number, at, entry.digest
    instance.outstanding = codec.dump_commands(
        fold(opened(codec.load_commands(instance.outstanding)), event, step.commands).values()
    )
    session.add(
        LoggedStep(
            instance_id=instance.id, number=entry.number, digest=entry.digest, event=entry.event,
            trace=[[t.kind, t.element_id, t.graph_hash, t.scope_key, t.detail] for t in step.trace], at=at,
            submission_id=entry.submission_id, actor=entry.actor,
        )
    )  # fmt: skip
    await project(ctx, step)
    if isinstance(event, InstanceMigrated) and state is not None and event.scope_key == state.root:
        instance.graph_hash, instance.process_id = event.to.hash, event.to.process_id
    if entry.reason is not None:
        await _account_for(session, instance, entry, event, at)
    elif entry.submission_id is not None:
        await _seal(session, instance, entry, at)
    return step.state


async def _account_for(
    session: AsyncSession, instance: Instance, entry: Applied, event: Event, at: datetime
) -> None:
    """An operator's act, with the step in one transaction: no act without its reason, whatever is killed."""
    facts = {"reason": entry.reason, "step": entry.number, "operation": entry.submission_id}
    await audit.append(
        session, at=at, recorded_at=at, actor=entry.actor or "", act=f"operate:{type(event).__name__}",
        complaint_id=instance.business_key, facts=facts,
    )  # fmt: skip


async def _seal(
    session: AsyncSession, instance: Instance, entry: Applied, at: datetime
) -> None:
    row = await session.get(Submission, entry.submission_id)
    await session.execute(
        update(Submission).where(Submission.id == entry.submission_id).values(status="done", step=entry.number)
    )
    if row is not None:
        facts: dict[str, Any] = {"submission": row.id, "unit": row.unit, "role": row.role}
        if row.on_behalf_of is not None:
            facts |= {"on_behalf_of": row.on_behalf_of, "delegation": row.delegation_id}
        await audit.append(
            session, at=row.occurred_at, recorded_at=at, actor=entry.actor or row.role, act=row.act,
            complaint_id=instance.business_key, facts=facts,
        )  # fmt: skip


async def _require_same(session: AsyncSession, instance: Instance, entries: list[Applied]) -> None:
    for entry in entries:
        logged = await session.get(LoggedStep, (instance.id, entry.number))
        if logged is None or logged.digest != entry.digest:
            raise Disagreement(f"{instance.id}: 第{entry.number}步已有不同的记录。")


async def _set_since(session: AsyncSession, instance_id: str, first_step: int) -> list[DeadlineSet]:
    """Read back from the rows, so that a retry whose answer was lost answers the same."""
    rows = await session.scalars(
        select(Deadline)
        .where(Deadline.instance_id == instance_id, Deadline.set_step >= first_step)
        .order_by(Deadline.key)
    )
    return [current_event(row) for row in rows]
