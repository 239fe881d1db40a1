"""Plays one case from intake to closing, by the same acts on either side, and notes how long each Update took."""

from __future__ import annotations

import asyncio
import itertools
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from sqlalchemy import select
from temporalio.client import Client, WorkflowHandle

from activities.stores import Stores
from benchmarks.by_hand import contracts as by_hand
from bpmn import codec
from bpmn.events import Event, MessageDelivered, TaskCompleted
from bpmn.graphset import GraphSet
from cases.intake import Contract, Filing, file_complaint, instance_id_of
from cases.tables.complaints import Complaint
from cases.tables.engine import Instance, StageEntry
from cases.tables.letters import Letter
from cases.tables.worklist import Submission, Subscription, Task
from cases.vault import Identity
from jiannuo.rehearsal.population import populate
from jiannuo.rehearsal.sample import Sample
from workflows import client as calls
from workflows import messages

PACK, CHANNEL = "nmg-2023", "CREDIT_NM"
UNIT = {
    "uscc": "11159721FAKE00013B", "name": "青原旗某局(虚构)", "org_type": "机关", "level": "旗县",
    "region_code": "159721",
}  # fmt: skip
ABOVE = {**UNIT, "uscc": "11159721FAKE000216", "name": "青原旗人民政府(虚构)"}
POLL_S = 0.01
REST_S = 0.25
PATIENCE_S = 120.0
CHAIN = ("draft", "review", "issue")
LETTER: tuple[tuple[str, Mapping[str, Any]], ...] = tuple((act, {}) for act in CHAIN)
RECTIFIED: tuple[tuple[str, Mapping[str, Any]], ...] = (
    ("accept", {}), *LETTER,
    ("refer", {"to": ABOVE["uscc"]}), *LETTER,
    ("ask_respondent", {}), *LETTER,
    ("verify", {"result": "substantiated", "rectification_days": None}), *LETTER,
    ("report_rectification", {}),
    ("accept_rectification", {}), *LETTER, *LETTER,
    ("rate", {"satisfaction": "satisfied"}),
)  # fmt: skip
UNFOUNDED: tuple[tuple[str, Mapping[str, Any]], ...] = (
    ("accept", {}), *LETTER,
    ("refer", {"to": ABOVE["uscc"]}), *LETTER,
    ("verify", {"result": "not_substantiated", "rectification_days": None}),
    ("feedback", {}), *LETTER,
    ("rate", {"satisfaction": "satisfied"}),
)  # fmt: skip
PATHS = {"rectified": RECTIFIED, "unfounded": UNFOUNDED}
_numbers = itertools.count(1)


class Side(Protocol):
    name: str

    async def start(self, row: Instance) -> None: ...

    async def tell(self, row: Submission, facts: Mapping[str, Any]) -> None: ...


@dataclass
class AsModel:
    """The product: the procedure as a BPMN model."""

    client: Client
    stores: Stores
    queue: str
    name: str = "model"

    async def start(self, row: Instance) -> None:
        async with self.stores.sessions() as session:
            graph = await self.stores.definitions.graph(session, row.graph_hash)
        given = messages.ProcessStart(row.id, row.graph_hash, row.process_id, row.business_key, row.variables)
        await calls.start(self.client, self.queue, given, GraphSet({graph.hash: graph}))

    async def tell(self, row: Submission, facts: Mapping[str, Any]) -> None:
        given = messages.Submit(row.id, row.event, row.role)
        handle = self.client.get_workflow_handle(row.instance_id)
        await handle.execute_update(messages.UPDATE_SUBMIT, given, id=row.id, result_type=messages.Answer)


@dataclass
class ByHand:
    client: Client
    queue: str
    bare: bool = False
    name: str = "by hand"

    async def start(self, row: Instance) -> None:
        facts: Mapping[str, Any] = codec.load_variables(row.variables)
        given = by_hand.Start(
            row.id, row.business_key, facts["received_at"], facts["accepting_unit"], facts["respondent_unit"],
            facts["league_region_code"], self.bare,
        )  # fmt: skip
        attributes = calls.attributes_of(row.business_key)
        await self.client.start_workflow(
            by_hand.WORKFLOW, given, id=row.id, task_queue=self.queue, search_attributes=attributes
        )

    async def tell(self, row: Submission, facts: Mapping[str, Any]) -> None:
        key = row.task_key or row.subscription_key
        assert key is not None
        given = by_hand.Done(row.id, key, row.act, row.occurred_at.isoformat(), row.role, dict(facts))
        handle = self.client.get_workflow_handle(row.instance_id)
        await handle.execute_update(by_hand.UPDATE_ACT, given, id=row.id, result_type=int)


@dataclass
class Played:
    instance_id: str
    updates_s: list[float] = field(default_factory=list)
    stages: list[str] = field(default_factory=list)
    events: int = 0
    history_bytes: int = 0


async def prepare(stores: Stores) -> None:
    raw = {
        "respondent": UNIT, "superior_or_competent_dept": ABOVE, "channel_code": CHANNEL, "channel_name": "专栏",
    }  # fmt: skip
    now = datetime.now(UTC)
    async with stores.sessions.begin() as session:
        await populate(session, [Sample("0", PACK, raw, (), now)])


async def filed(stores: Stores) -> Instance:
    now = datetime.now(UTC)
    filing = Filing(
        pack=PACK, channel=CHANNEL, received_at=now,
        complainant=Identity("某公司(虚构)", "91159721MAFAKE019Y", "", "", consent=False),
        enterprise_type="民营企业", is_sme=True, respondent_uscc=UNIT["uscc"], superior_uscc=ABOVE["uscc"],
        domain="PROC", title="尾款逾期未付", statement="至今未付。", request="支付尾款。",
        external_ref=f"bench-{next(_numbers)}", contract=Contract(contract_no="C-1"),
    )  # fmt: skip
    async with stores.sessions.begin() as session:
        receipt = await file_complaint(session, stores.vault, filing, now)
    async with stores.sessions() as session:
        return await session.get_one(Instance, instance_id_of(receipt.complaint_id))


async def play(
    stores: Stores,
    client: Client,
    side: Side,
    path: str,
    clock: Callable[[], float] = time.perf_counter,
    *,
    hasty: bool = False,
) -> Played:
    """Days pass between the acts of a case: what one set off is over before the next, but within a letter's chain.

    ``hasty``: the next comes within milliseconds of what offers it, while the execution is still writing that down.
    """
    async with asyncio.timeout(PATIENCE_S):
        instance = await begun(stores, side)
        played = Played(instance.id)
        handle = client.get_workflow_handle(instance.id)
        for act, data in PATHS[path]:
            row, facts = await _submission(stores, instance.id, act, data)
            if not hasty and act not in CHAIN:
                await _idle(handle)
            before = clock()
            await side.tell(row, facts)
            played.updates_s.append(clock() - before)
        await _rated(stores, instance.business_key)
        played.events, played.history_bytes = await _at_rest(handle)
    async with stores.sessions() as session:
        stages = select(StageEntry.stage).where(StageEntry.instance_id == instance.id).order_by(StageEntry.number)
        played.stages = list(await session.scalars(stages))
    return played


async def begun(stores: Stores, side: Side) -> Instance:
    """A complaint that was filed and whose execution waits for its first act."""
    instance = await filed(stores)
    await side.start(instance)
    await _target(stores, instance.id, "accept")
    return instance


async def lengthened(stores: Stores, side: Side, asks: int) -> str:
    """A case with so many letters that its history is long; its id."""
    instance = await begun(stores, side)
    for act, data in (*RECTIFIED[:8], *RECTIFIED[8:12] * asks):
        row, facts = await _submission(stores, instance.id, act, data)
        await side.tell(row, facts)
    return instance.id


async def _rated(stores: Stores, complaint_id: str) -> None:
    """The last act's job has run. The case stays open until its time for a review is over: days on either side."""
    rated = select(Complaint.satisfaction).where(Complaint.id == complaint_id)
    while True:
        async with stores.sessions() as session:
            if await session.scalar(rated) is not None:
                return
        await asyncio.sleep(POLL_S)


async def _idle(handle: WorkflowHandle[Any, Any]) -> None:
    """Until neither an activity nor a workflow task of the execution is under way."""
    while True:
        found = (await handle.describe()).raw_description
        if not found.pending_activities and not found.HasField("pending_workflow_task"):
            return
        await asyncio.sleep(POLL_S)


async def _at_rest(handle: WorkflowHandle[Any, Any]) -> tuple[int, int]:
    """Events and bytes, once no more come."""
    before = (0, 0)
    while True:
        info = (await handle.describe()).raw_description.workflow_execution_info
        now = (info.history_length, info.history_size_bytes)
        if now == before:
            return now
        before = now
        await asyncio.sleep(REST_S)


async def _submission(
    stores: Stores, instance_id: str, act: str, data: Mapping[str, Any]
) -> tuple[Submission, dict[str, Any]]:
    """Waits for what offers the act, and stores the act as the API does before it tells the execution."""
    if act not in CHAIN:
        await _letters_served(stores, instance_id)
    target = await _target(stores, instance_id, act)
    id_, now = secrets.token_hex(12), datetime.now(UTC)
    unit = "" if not isinstance(target, Task) else target.candidates[0].partition("@")[2]
    role = act if not isinstance(target, Task) else target.candidates[0].partition("@")[0]
    facts = {
        **data, "submission": id_, "act": act, "acted_at": now.isoformat(), "actor_unit": unit, "actor_role": role,
    }  # fmt: skip
    task = isinstance(target, Task)
    event: Event = TaskCompleted(target.key, facts) if task else MessageDelivered(target.key, id_, facts)
    form = (
        {"letter_id": target.inputs["letter_id"]} if isinstance(target, Task) and "letter_id" in target.inputs else {}
    )
    row = Submission(
        id=id_, instance_id=instance_id, task_key=target.key if task else None,
        subscription_key=None if task else target.key, act=act, role=role, unit=unit or None, form=form,
        event=codec.dump_event(event), occurred_at=now, recorded_at=now,
    )  # fmt: skip
    async with stores.sessions.begin() as session:
        session.add(row)
    return row, facts


async def _letters_served(stores: Stores, instance_id: str) -> None:
    drafts = select(Letter.id).where(Letter.instance_id == instance_id, Letter.status != "served").limit(1)
    while True:
        async with stores.sessions() as session:
            if await session.scalar(drafts) is None:
                return
        await asyncio.sleep(POLL_S)


async def _target(stores: Stores, instance_id: str, act: str) -> Task | Subscription:
    tasks = select(Task).where(Task.instance_id == instance_id, Task.status == "open", Task.acts.contains([act]))
    offers = select(Subscription).where(
        Subscription.instance_id == instance_id, Subscription.open, Subscription.acts.contains([act])
    )
    while True:
        async with stores.sessions() as session:
            found: Task | Subscription | None = await session.scalar(tasks.order_by(Task.key).limit(1))
            found = found or await session.scalar(offers.order_by(Subscription.key).limit(1))
        if found is not None:
            return found
        await asyncio.sleep(POLL_S)
