"""A case that stands still, and executions that apply an operator's acts to its step log as a running one would."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from api.ports import Sent
from api.services import Services
from bpmn import codec
from bpmn.digest import chained
from bpmn.engine import advance, check
from bpmn.events import Event, GraphRef, InstanceStarted
from cases.definitions import deploy
from cases.engine_words import REFUSALS
from cases.errors import Conflict
from cases.recorder import Applied, graphs_for
from cases.steps import StateCache, record
from cases.tables.engine import Instance
from tests.api.region_builder import PACK
from tests.bpmn.bpmn_models import end, flows, process, start, user

MODEL = process(
    start()
    + '<exclusiveGateway id="choice" name="是否属实"/>'
    + user("yes", name="限期整改")
    + user("no", name="反馈说明")
    + end()
    + flows("s>choice", 'choice>yes ? verdict = "yes"', 'choice>no ? verdict = "no"', "yes>e", "no>e"),
    name="stuck",
)


async def stand_still(session: AsyncSession, services: Services, folder: object, number: int, now: datetime) -> str:
    """The instance, whose gateway finds no true condition."""
    path = folder / "stuck.bpmn"  # type: ignore[operator]
    path.write_bytes(MODEL)
    (done,) = await deploy(session, PACK, [path], now)
    id_ = f"stuck:case-{number}"
    session.add(
        Instance(
            id=id_, process_id="stuck", graph_hash=done.hash, pack=PACK, business_key=f"case-{number}", channel=None,
            variables='{"verdict":"maybe"}', created_at=now,
        )
    )  # fmt: skip
    await session.flush()
    started = InstanceStarted(GraphRef(done.hash, "stuck"), f"case-{number}", {"verdict": "maybe"})
    await apply(session, services, id_, started, now)
    return id_


async def apply(
    session: AsyncSession, services: Services, id_: str, event: Event, now: datetime, actor: str | None = None,
    reason: str | None = None, operation_id: str | None = None,
) -> int:  # fmt: skip
    row = await session.get_one(Instance, id_)
    state = codec.load_state(row.state) if row.state else None
    graphs = await graphs_for(session, services.definitions, state, event)
    refusal = check(graphs, state, event)
    if refusal is not None:
        raise Conflict(REFUSALS.get(refusal.rule, refusal.sentence))
    at = now.astimezone(UTC)
    step = advance(graphs, state, event, at)
    text = codec.dump_event(event)
    digest = chained(row.digest, text, at.isoformat(), codec.dump_commands(step.commands))
    entry = Applied(row.last_step + 1, text, at.isoformat(), digest, operation_id, actor, reason)
    await record(session, services.definitions, StateCache(), id_, [entry], entry.number)
    return entry.number


@dataclass
class Applying:
    """A ``CaseClient`` of which only operators ask."""

    services: Services
    now: datetime
    sent: list[tuple[str, str]] = field(default_factory=list)
    # An execution applies one event after the other.
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def send(self, submission_id: str, instance_id: str, event: str, actor: str) -> Sent:
        raise Conflict("not asked")

    async def operate(self, operation_id: str, instance_id: str, event: str, actor: str, reason: str) -> Sent:
        self.now += timedelta(minutes=1)
        self.sent.append((actor, reason))
        async with self.turn, self.services.transaction() as session:
            number = await apply(
                session, self.services, instance_id, codec.load_event(event), self.now, actor, reason, operation_id
            )
        return Sent(number, pending=False)
