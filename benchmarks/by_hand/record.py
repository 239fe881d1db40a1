"""The record of the hand-written workflow: the rows that the product's record writes, told one by one.

It works without the engine: no event is replayed and no state is kept. The words of a task or an open act come from
the element of the same name in the deployed models, so that both sides write equal rows.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from temporalio import activity

from activities.stores import Stores
from benchmarks.by_hand import contracts
from benchmarks.by_hand.contracts import Batch, Instants, Offered, Opened, Recorded
from bpmn import commands as c
from bpmn.events import GraphRef
from bpmn.model import Graph
from bpmn.state import State
from bpmn.step import Step, TraceEntry
from cases import positions
from cases.definitions import latest
from cases.projection.apply import project
from cases.projection.context import Projecting
from cases.recorder import Applied, seal
from cases.tables.clocks import Deadline
from cases.tables.engine import Instance, LoggedStep

LETTER = ("draft", "review", "issue", "serve")


class RecordingByHand:
    """``board``: it keeps ``case_position`` too, as whatever changes a case must: lists and boards read it."""

    def __init__(self, stores: Stores, *, board: bool = True) -> None:
        self._stores = stores
        self._board = board

    @activity.defn(name=contracts.RECORD)
    async def record(self, given: Batch) -> Recorded:
        async with self._stores.transaction() as session:
            instance = await session.scalar(select(Instance).where(Instance.id == given.instance_id).with_for_update())
            assert instance is not None, "intake stores the instance"
            if given.step > instance.last_step:
                await self._write(session, instance, given)
            if not given.changes.armed:
                return Recorded(given.step)
            rows = await session.scalars(
                select(Deadline)
                .where(Deadline.instance_id == given.instance_id, Deadline.set_step == given.step)
                .order_by(Deadline.key)
            )
            return Recorded(given.step, [_instants(row) for row in rows])

    async def _write(self, session: AsyncSession, instance: Instance, given: Batch) -> None:
        at, changes = datetime.fromisoformat(given.at), given.changes
        procedure = await self._stores.definitions.graph(session, instance.graph_hash)
        graphs = {instance.graph_hash: procedure}
        letter = ""
        if any(task.element in LETTER for task in changes.opened):
            version = await latest(session, instance.pack, "bpmn", "letter")
            assert version is not None, "the pack is deployed with its letters"
            letter = version.hash
            graphs[letter] = await self._stores.definitions.graph(session, letter)
        commands: list[c.Command] = [c.CloseTask(key, "completed") for key in changes.closed]
        commands += [c.CloseSubscription(key) for key in changes.withdrawn]
        commands += [c.EndDeadline(key, given.at, "met") for key in changes.met]
        commands += [c.ArmDeadline(one.key, one.name, one.element, one.starts) for one in changes.armed]
        for task in changes.opened:
            hash_ = letter if task.element in LETTER else instance.graph_hash
            commands.append(_task(GraphRef(hash_, ""), graphs[hash_], task))
        commands += [_offer(GraphRef(instance.graph_hash, ""), procedure, offer) for offer in changes.offered]
        if changes.completed:
            commands.append(c.CompleteInstance())
        trace = tuple(TraceEntry("entered", element, instance.graph_hash, 1) for element in changes.entered)
        instance.last_step, instance.last_step_at, instance.status = given.step, at, "active"
        acts = changes.acts or [None]
        session.add(
            LoggedStep(
                instance_id=instance.id, number=given.step, digest="", event=json.dumps(asdict(changes)),
                trace=[[entry.kind, entry.element_id] for entry in trace], at=at,
                submission_id=acts[0].submission_id if acts[0] else None, actor=acts[0].actor if acts[0] else None,
            )
        )  # fmt: skip
        ctx = Projecting(session, instance, graphs, given.step, at)
        await project(ctx, Step(State(instance.business_key), tuple(commands), trace))
        if self._board:
            await positions.refresh(session, [instance.business_key])
        for act in changes.acts:
            entry = Applied(given.step, "", given.at, "", act.submission_id, act.actor)
            await seal(session, instance, entry, at)


def _task(ref: GraphRef, graph: Graph, task: Opened) -> c.CreateTask:
    node = graph.nodes[task.element]
    properties = {name: value.text for name, value in node.properties.items()}
    inputs: dict[str, str] = {"letter_id": task.letter_id} if task.letter_id else {}
    return c.CreateTask(
        task.key, ref, task.element, node.name, candidate_groups=tuple(task.candidates), due_deadline=task.deadline,
        form_id=str(properties.get("jiannuo:acts", "")).partition(" ")[0] or None, properties=properties, inputs=inputs,
    )  # fmt: skip


def _offer(ref: GraphRef, graph: Graph, offer: Offered) -> c.OpenSubscription:
    properties = {name: value.text for name, value in graph.nodes[offer.element].properties.items()}
    name = str(properties.get("jiannuo:acts", offer.element))
    return c.OpenSubscription(offer.key, ref, offer.element, name, "", False, properties)


def _instants(row: Deadline) -> Instants:
    rungs = dict(sorted(((name, str(at)) for name, at in row.rungs.items()), key=lambda item: item[1]))
    return Instants(row.key, row.revision, row.due_at.isoformat() if row.due_at else None, rungs)
