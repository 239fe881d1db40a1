"""An operator's acts as events, and what would take the last one back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bpmn import codec
from bpmn.engine import advance, check
from bpmn.events import ElementSkipped, Event, IncidentRetried, OperationUndone, TokenMoved, VariablesEdited
from bpmn.migration_diff import Change, changes
from bpmn.step import Refusal
from bpmn.values import Json
from cases.definitions import DefinitionStore
from cases.errors import Conflict, Invalid, NotFound
from cases.projection.outcome import STAGE, STATUS
from cases.reconcile import state_before
from cases.recorder import graphs_for
from cases.states import state_of
from cases.tables.engine import Instance, LoggedStep

OPERATIONS = (IncidentRetried, VariablesEdited, ElementSkipped, TokenMoved)
MAX_REASON = 1_000
NOTHING = "上一步不是管理员的处置，没有可以撤销的处置。"


def required_reason(text: str) -> str:
    """Raises Invalid."""
    reason = text.strip()
    if not reason:
        raise Invalid({"reason": "请写明理由，理由会记入日志。"})
    if len(reason) > MAX_REASON:
        raise Invalid({"reason": f"理由不能超过{MAX_REASON}字。"})
    return reason


def variables_of(text: str) -> dict[str, Json]:
    """What an operator typed. Raises Invalid."""
    try:
        found = codec.load_variables(text) if text.strip() else {}
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise Invalid({"variables": '请填写一个 JSON 对象，例如 {"days": 30}。'})
    return found


@dataclass(frozen=True)
class Foreseen:
    """What an act would do to the case, or why it would be refused."""

    changes: tuple[Change, ...] = ()
    refusal: Refusal | None = None
    finishes: bool = False


async def foresee(
    session: AsyncSession, store: DefinitionStore, instance_id: str, event: Event, now: datetime
) -> Foreseen:
    """Tried on the logged state by the same core; nothing is changed. ``now`` is on the case's own time axis."""
    instance = await session.get(Instance, instance_id)
    if instance is None or instance.state is None:
        raise NotFound(f"没有实例 {instance_id}，或其流程尚未开始。")
    state = state_of(instance.state)
    graphs = await graphs_for(session, store, state, event)
    refusal = check(graphs, state, event)
    if refusal is not None:
        return Foreseen(refusal=refusal)
    after = advance(graphs, state, event, now).state
    seen = tuple(change for change in changes(state, after, graphs) if change.what != "kept")
    return Foreseen(seen, finishes=after.status != "running")


async def last_operation(session: AsyncSession, instance_id: str) -> LoggedStep | None:
    """The last step, if it is an operator's act: only that may be undone."""
    step = await session.scalar(
        select(LoggedStep).where(LoggedStep.instance_id == instance_id).order_by(LoggedStep.number.desc()).limit(1)
    )
    return step if step is not None and isinstance(codec.load_event(step.event), OPERATIONS) else None


async def undoing(session: AsyncSession, store: DefinitionStore, instance_id: str) -> OperationUndone:
    """Raises NotFound, or Conflict when the last step was no operator's act. Whether it may be, the core says."""
    instance = await session.get(Instance, instance_id)
    if instance is None:
        raise NotFound(f"没有实例 {instance_id}。")
    step = await last_operation(session, instance_id)
    if step is None:
        raise Conflict(NOTHING)
    before = await state_before(session, store, instance_id, step.number)
    operation: Any = codec.load_event(step.event)
    marks = await _marks(session, store, instance_id, step, before.graph_hashes())
    return OperationUndone(codec.dump_state(before), operation, step.at.astimezone(UTC).isoformat(), marks)


async def _marks(
    session: AsyncSession, store: DefinitionStore, instance_id: str, undone: LoggedStep, graphs: tuple[str, ...]
) -> dict[str, str]:
    """The elements that gave the case its stage and status before, where the act has given it others."""
    known = await _graphs(session, store, undone.trace)
    wanted = {mark for mark in (STAGE, STATUS) if _found(undone.trace, known, mark) is not None}
    marks: dict[str, str] = {}
    if not wanted:
        return marks
    rows = await session.scalars(
        select(LoggedStep.trace)
        .where(LoggedStep.instance_id == instance_id, LoggedStep.number < undone.number)
        .order_by(LoggedStep.number.desc())
    )
    for trace in rows:
        known = await _graphs(session, store, trace)
        for mark in sorted(wanted):
            found = _found(trace, known, mark)
            if found is not None:
                wanted.discard(mark)
                if found[1] in graphs:
                    marks[found[0]] = found[1]
        if not wanted:
            break
    return marks


async def _graphs(session: AsyncSession, store: DefinitionStore, trace: list[Any]) -> Mapping[str, Any]:
    return {hash_: await store.graph(session, hash_) for hash_ in {entry[2] for entry in trace}}


def _found(trace: list[Any], graphs: Mapping[str, Any], mark: str) -> tuple[str, str] | None:
    for kind, element, hash_, *_ in reversed(trace):
        node = graphs[hash_].nodes.get(element) if kind == "entered" else None
        if node is not None and mark in node.properties:
            return element, hash_
    return None
