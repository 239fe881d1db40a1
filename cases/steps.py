"""The step log: applying an execution's steps to the stores, once each, in order.

The execution sends events, not states: the core is pure, so replaying the event on the logged state gives the state
the execution has. The chained digest covers the core's answer and shows it when the two ever differ.

What only the stores can tell (a deadline's instants, a callee, a decision) the log applies itself, in the same
transaction, and answers with: the execution applies it as it was logged.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import bindparam, inspect, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from bpmn import codec
from bpmn.answers import ANSWERS, Answers
from bpmn.commands import Command
from bpmn.events import DefinitionResolved
from bpmn.graphset import GraphSet
from bpmn.outstanding import opened
from bpmn.state import State
from cases.definitions import DefinitionStore
from cases.errors import Disagreement, NotFound, Unavailable
from cases.recorder import Applied, Recorder
from cases.states import state_of
from cases.tables.engine import Instance, LoggedStep

CACHED_STATES = 2_000
ANSWERED_AT_ONCE = 50
"""A model that decides in a circle must not hold its row for ever: the rest is asked for by another record."""

# Below it no state comes near what Temporal takes in a payload, and nobody needs to know its size.
MEASURED_FROM = 256 * 1024

Kept = tuple[State, Mapping[int, Command]]

# Long texts, which the cache of states makes it unnecessary to read.
_TEXTS = ("state", "outstanding")
_LOCKED = (
    select(Instance)
    .where(Instance.id == bindparam("id"))
    .with_for_update(key_share=True)
    .options(defer(Instance.state), defer(Instance.outstanding), defer(Instance.variables))
)


@dataclass
class StateCache:
    """Parsed states by digest, so that a record does not read back what it wrote a moment ago. Oldest out first."""

    states: dict[str, Kept] = field(default_factory=dict)

    def get(self, digest: str) -> Kept | None:
        return self.states.get(digest)

    def put(self, digest: str, kept: Kept, replaces: str) -> None:
        self.states.pop(replaces, None)
        self.states[digest] = kept
        while len(self.states) > CACHED_STATES:
            del self.states[next(iter(self.states))]


async def record(
    session: AsyncSession,
    store: DefinitionStore,
    cache: StateCache,
    instance_id: str,
    entries: list[Applied],
    last_step: int,
) -> Answers:
    """``last_step``: the last one that the execution has applied. Raises NotFound, Disagreement, Unavailable (gap)."""
    instance = await session.scalar(_LOCKED, {"id": instance_id})
    if instance is None:
        raise NotFound(f"步骤记录中没有实例 {instance_id}。")
    await _require_same(session, instance, [entry for entry in entries if entry.number <= instance.last_step])
    fresh = [entry for entry in entries if entry.number > instance.last_step]
    first = fresh[0].number if fresh else last_step
    if first > instance.last_step + (1 if fresh else 0):
        raise Unavailable(f"{instance_id}: 第{instance.last_step + 1}步尚未到达,先到了第{first}步。")
    if instance.last_step > last_step:
        return await _answered_before(session, store, instance, last_step)
    before = instance.digest
    recorder = Recorder(session, store, instance, *await _kept(session, cache, instance))
    for entry in fresh:
        await recorder.apply(entry)
    events = await _answer(recorder, fresh)
    if fresh or events:
        await recorder.finish()
    if recorder.state is not None:
        cache.put(instance.digest, (recorder.state, recorder.outstanding), before)
    return await _answers(session, store, instance, events, recorder.owes())


async def _answer(recorder: Recorder, fresh: list[Applied]) -> list[str]:
    if not fresh:
        await recorder.remember_clocks()
    at = _instant(recorder.at)
    events: list[str] = []
    while len(events) < ANSWERED_AT_ONCE:
        entry = await recorder.answer(at)
        if entry is None:
            break
        events.append(entry.event)
    return events


async def _kept(
    session: AsyncSession, cache: StateCache, instance: Instance
) -> tuple[State | None, Mapping[int, Command]]:
    kept = cache.get(instance.digest)
    if kept is not None:
        return kept
    await session.refresh(instance, _TEXTS)
    if instance.state is None:
        return None, {}
    return state_of(instance.state), opened(codec.load_commands(instance.outstanding))


async def _answered_before(
    session: AsyncSession, store: DefinitionStore, instance: Instance, last_step: int
) -> Answers:
    """The answer of this batch was lost on its way: it is read back from the log."""
    rows = await session.scalars(
        select(LoggedStep)
        .where(LoggedStep.instance_id == instance.id, LoggedStep.number > last_step)
        .order_by(LoggedStep.number)
    )
    events = [row.event for row in rows]
    if not all(isinstance(codec.load_event(event), ANSWERS) for event in events):
        raise Disagreement(f"{instance.id}: 步骤记录在第{last_step}步之后另有办理,执行不知道它们。")
    await session.refresh(instance, _TEXTS)
    outstanding = opened(codec.load_commands(instance.outstanding))
    state = state_of(instance.state) if instance.state else None
    owes = Recorder(session, store, instance, state, outstanding).owes()
    return await _answers(session, store, instance, events, owes)


async def _answers(
    session: AsyncSession, store: DefinitionStore, instance: Instance, events: list[str], more: bool
) -> Answers:
    if "state" in inspect(instance).unloaded:
        await session.refresh(instance, _TEXTS)
    size = _packed(instance.state or "")
    if not events:
        return Answers(instance.last_step, more=more, state_bytes=size)
    named = [event.ref.hash for event in map(codec.load_event, events) if isinstance(event, DefinitionResolved)]
    graphs = GraphSet({hash_: await store.graph(session, hash_) for hash_ in named})
    at = _instant(instance.last_step_at)
    return Answers(instance.last_step, instance.digest, at, tuple(events), more, graphs, size)


def _packed(state: str) -> int:
    """About what the payload codec makes of it: the execution must not deflate, since replay must give the same."""
    return len(zlib.compress(state.encode(), level=1)) if len(state) >= MEASURED_FROM else 0


def _instant(at: datetime | None) -> str:
    """As the execution writes it, whose clock is in UTC: the digest covers the text."""
    assert at is not None, "a batch has steps, or follows one that had"
    return at.astimezone(UTC).isoformat()


async def _require_same(session: AsyncSession, instance: Instance, entries: list[Applied]) -> None:
    for entry in entries:
        logged = await session.get(LoggedStep, (instance.id, entry.number))
        if logged is None or (entry.digest is not None and logged.digest != entry.digest):
            raise Disagreement(f"{instance.id}: 第{entry.number}步已有不同的记录。")
