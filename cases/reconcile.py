"""The step log, replayed through the pure core: what state and read model must be, and what differs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bpmn import codec
from bpmn import commands as c
from bpmn.digest import GENESIS, chained
from bpmn.engine import advance
from bpmn.errors import BpmnError
from bpmn.events import DeadlineSet
from bpmn.outstanding import fold
from bpmn.state import State
from cases.definitions import DefinitionStore
from cases.errors import Disagreement
from cases.projection.outcome import STAGE
from cases.recorder import graphs_for
from cases.tables.clocks import Deadline
from cases.tables.engine import Incident, Instance, LoggedStep, StageEntry
from cases.tables.messages import SignalCatch
from cases.tables.worklist import Subscription, Task


@dataclass(frozen=True)
class Difference:
    """One thing that the log says otherwise than the rows. Ids and statuses only, no content."""

    table: str
    key: int
    logged: str
    found: str


@dataclass
class Told:
    """What the commands of the log say of the rows."""

    tasks: dict[int, str] = field(default_factory=dict)
    catches: dict[int, str] = field(default_factory=dict)
    signals: dict[int, str] = field(default_factory=dict)
    clocks: dict[int, str] = field(default_factory=dict)
    incidents: dict[int, str] = field(default_factory=dict)
    stages: list[str] = field(default_factory=list)
    dues: dict[int, tuple[int, str | None]] = field(default_factory=dict)
    status: str = "active"


@dataclass
class Rebuilt:
    """``broken_at``: the first step whose digest or event does not follow from those before it."""

    state: State | None = None
    last_step: int = 0
    digest: str = GENESIS
    outstanding: dict[int, c.Command] = field(default_factory=dict)
    told: Told = field(default_factory=Told)
    broken_at: int | None = None
    differences: list[Difference] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        return self.broken_at is None and not self.differences


_TELLS: Mapping[type, Callable[[Told, Any], None]] = {
    c.CreateTask: lambda told, it: told.tasks.update({it.task_key: "open"}),
    c.CloseTask: lambda told, it: told.tasks.update({it.task_key: it.outcome}),
    c.OpenSubscription: lambda told, it: told.catches.update({it.subscription_key: "open"}),
    c.CloseSubscription: lambda told, it: told.catches.update({it.subscription_key: "closed"}),
    c.OpenSignal: lambda told, it: told.signals.update({it.subscription_key: "open"}),
    c.CloseSignal: lambda told, it: told.signals.update({it.subscription_key: "closed"}),
    c.ArmDeadline: lambda told, it: told.clocks.update({it.deadline_key: "running"}),
    c.PauseDeadline: lambda told, it: told.clocks.update({it.deadline_key: "paused"}),
    c.ResumeDeadline: lambda told, it: told.clocks.update({it.deadline_key: "running"}),
    c.EndDeadline: lambda told, it: told.clocks.update({it.deadline_key: it.outcome}),
    c.RaiseIncident: lambda told, it: told.incidents.update({it.incident_key: "open"}),
    c.ResolveIncident: lambda told, it: told.incidents.update({it.incident_key: "resolved"}),
    c.CompleteInstance: lambda told, it: setattr(told, "status", "cancelled" if it.cancelled else "completed"),
}


async def rebuild(session: AsyncSession, store: DefinitionStore, instance_id: str) -> Rebuilt:
    """Reads only. Deadlines are compared by status, and by due date where the log was told of the row's revision."""
    instance = await session.get_one(Instance, instance_id)
    rebuilt = Rebuilt()
    steps = await session.scalars(
        select(LoggedStep).where(LoggedStep.instance_id == instance_id).order_by(LoggedStep.number)
    )
    for logged in steps:
        if not await _replay(session, store, rebuilt, logged):
            rebuilt.broken_at = logged.number
            return rebuilt
    rebuilt.differences = [*_heads(instance, rebuilt), *await _rows(session, instance_id, rebuilt.told)]
    return rebuilt


async def state_before(session: AsyncSession, store: DefinitionStore, instance_id: str, number: int) -> State:
    """The state that step ``number`` of the log was applied to. Raises Disagreement where the log is broken."""
    rebuilt = Rebuilt()
    steps = await session.scalars(
        select(LoggedStep)
        .where(LoggedStep.instance_id == instance_id, LoggedStep.number < number)
        .order_by(LoggedStep.number)
    )
    for logged in steps:
        if not await _replay(session, store, rebuilt, logged):
            raise Disagreement(f"{instance_id}: 步骤记录从第{logged.number}步起不连贯，请运行 jiannuo reconcile。")
    if rebuilt.state is None:
        raise Disagreement(f"{instance_id}: 步骤记录中没有第{number}步之前的内容。")
    return rebuilt.state


async def _replay(session: AsyncSession, store: DefinitionStore, rebuilt: Rebuilt, logged: LoggedStep) -> bool:
    # The execution's clock is in UTC, and the digest covers the text of the instant.
    event, at = codec.load_event(logged.event), logged.at.astimezone(UTC)
    graphs = await graphs_for(session, store, rebuilt.state, event)
    try:
        step = advance(graphs, rebuilt.state, event, at)
    except BpmnError:
        return False
    digest = chained(rebuilt.digest, logged.event, at.isoformat(), codec.dump_commands(step.commands))
    if digest != logged.digest or logged.number != rebuilt.last_step + 1:
        return False
    rebuilt.state, rebuilt.last_step, rebuilt.digest = step.state, logged.number, digest
    rebuilt.outstanding = fold(rebuilt.outstanding, event, step.commands)
    for command in step.commands:
        tell = _TELLS.get(type(command))
        if tell is not None:
            tell(rebuilt.told, command)
    if isinstance(event, DeadlineSet):
        rebuilt.told.dues[event.deadline_key] = (event.revision, event.due)
    for entry in step.trace:
        node = graphs[entry.graph_hash].nodes.get(entry.element_id) if entry.kind == "entered" else None
        stage = node.properties.get(STAGE) if node is not None else None
        if stage is not None and rebuilt.told.stages[-1:] != [stage.text]:
            rebuilt.told.stages.append(stage.text)
    return True


def _heads(instance: Instance, rebuilt: Rebuilt) -> list[Difference]:
    """The instance row's own copy of where the log stands."""
    status = rebuilt.told.status if rebuilt.last_step else "starting"
    pairs = (
        ("last_step", str(rebuilt.last_step), str(instance.last_step)),
        ("digest", rebuilt.digest, instance.digest),
        ("status", status, instance.status),
        ("state", codec.dump_state(rebuilt.state) if rebuilt.state else "", _as_of_today(instance.state or "")),
        ("outstanding", codec.dump_commands(rebuilt.outstanding.values()), instance.outstanding),
    )
    # States hold variables: only that they differ is said, not how.
    return [
        Difference(f"instance.{name}", 0, logged[:12], found[:12]) if name in ("digest", "last_step", "status")
        else Difference(f"instance.{name}", 0, "as replayed", "otherwise")
        for name, logged, found in pairs
        if logged != found
    ]  # fmt: skip


def _as_of_today(state: str) -> str:
    """As this release writes it: a case at rest keeps its state in the version of the release that stored it."""
    try:
        return codec.dump_state(codec.load_state(state)) if state else ""
    except (ValueError, KeyError, TypeError):
        return state  # not to be read: it differs, whatever it holds


async def _rows(session: AsyncSession, instance_id: str, told: Told) -> list[Difference]:
    tasks = {row.key: row.status for row in await session.scalars(_of(Task, instance_id))}
    catches = {
        row.key: "open" if row.open else "closed" for row in await session.scalars(_of(Subscription, instance_id))
    }
    signals = {row.key: "open" for row in await session.scalars(_of(SignalCatch, instance_id)) if row.open}
    incidents = {
        row.key: "open" if row.resolved_at is None else "resolved"
        for row in await session.scalars(_of(Incident, instance_id))
        if row.key > 0  # those of reconcile itself are no matter of the log
    }
    stages = [row.stage for row in await session.scalars(_of(StageEntry, instance_id).order_by(StageEntry.number))]
    deadlines = (await session.scalars(_of(Deadline, instance_id))).all()
    # A deadline that the policy does not know in this channel has a row that says so, whatever the model does with it.
    clocks = {row.key: told.clocks.get(row.key, "") if row.status == "none" else row.status for row in deadlines}
    differences = [
        Difference(table, key, logged.get(key, "absent"), found.get(key, "absent"))
        for table, logged, found in (
            ("task", told.tasks, tasks),
            ("subscription", told.catches, catches),
            ("signal_catch", _open(told.signals), signals),
            ("incident", told.incidents, incidents),
            ("deadline", told.clocks, clocks),
            ("stage_entry", dict(enumerate(told.stages, 1)), dict(enumerate(stages, 1))),
        )
        for key in sorted({*logged, *found})
        if logged.get(key) != found.get(key)
    ]
    return [*differences, *_dues(deadlines, told)]


def _open(told: Mapping[int, str]) -> dict[int, str]:
    """Those closed before there was a table of them have no rows."""
    return {key: status for key, status in told.items() if status == "open"}


def _dues(deadlines: Any, told: Told) -> list[Difference]:
    differences = []
    for row in deadlines:
        revision, due = told.dues.get(row.key, (-1, None))
        shown = row.due.isoformat() if row.due else None
        if row.status == "running" and revision == row.revision and due != shown:
            differences.append(Difference("deadline.due", row.key, str(due), str(shown)))
    return differences


def _of(kind: Any, instance_id: str) -> Any:
    return select(kind).where(kind.instance_id == instance_id)
