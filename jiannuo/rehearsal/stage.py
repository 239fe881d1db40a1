"""The whole of a rehearsal: complaints filed, acts performed, time moved, results collected, in one merged agenda."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import or_, select
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from activities.stores import Stores
from cases.intake import file_complaint, instance_id_of
from cases.tables.complaints import Complaint
from cases.tables.engine import Instance
from jiannuo.correlator import Correlator
from jiannuo.deliveries import Deliveries
from jiannuo.deploy import deploy_pack
from jiannuo.rehearsal.acting import ActRefused, Cast
from jiannuo.rehearsal.actual import collect
from jiannuo.rehearsal.axis import Axis
from jiannuo.rehearsal.compare import Difference, compare
from jiannuo.rehearsal.islands import islands
from jiannuo.rehearsal.population import populate
from jiannuo.rehearsal.reporting import Reporting, Stop, stops
from jiannuo.rehearsal.sample import Sample, SampleAct, SampleFile, filing_of
from jiannuo.relay import Relay

FILE, ACT, REPORT, COLLECT = 0, 1, 2, 3
# Most of the time goes into waiting for the servers; more than this only fills the worker's queue.
SIDE_BY_SIDE = 6


@dataclass
class Result:
    no: str
    actual: dict[str, Any] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    events: int = 0
    history_bytes: int = 0

    @property
    def passed(self) -> bool:
        return not self.refused and not self.differences


@dataclass(frozen=True)
class Item:
    """One entry of the agenda. Filing comes before acts of the same instant, reports and collecting after."""

    at: datetime
    kind: int
    order: int
    sample: Sample | None
    act: SampleAct | None = None
    stop: Stop | None = None

    @property
    def no(self) -> str:
        return self.sample.no if self.sample else "—"


def agenda(samples: Iterable[Sample], stops: Iterable[Stop] = ()) -> list[Item]:
    items = [Item(stop.at, REPORT, 0, None, stop=stop) for stop in stops]
    for order, sample in enumerate(samples):
        items.append(Item(sample.received_at, FILE, order, sample))
        items += [Item(act.at, ACT, order, sample, act) for act in sample.acts]
        items.append(Item(sample.as_of, COLLECT, order, sample))
    return sorted(items, key=lambda item: (item.at, item.kind, item.order))


class Rehearsal:
    """``environment`` has time skipping per execution; a worker for ``task_queue`` runs on ``stores``.

    ``answered``: somebody takes what is shared, so it is delivered; otherwise it waits, visibly.
    """

    def __init__(
        self, stores: Stores, environment: WorkflowEnvironment, client: Client, task_queue: str, *,
        answered: bool = False,
    ) -> None:  # fmt: skip
        self._stores = stores
        self._answered = answered
        self._axis = Axis(environment, client)
        self._cast = Cast(stores, Relay(stores, client, task_queue), self._axis)
        self._relay = self._cast.relay
        self._correlator = Correlator(stores, client)
        self._deliveries = Deliveries(stores, client, task_queue)
        self._ids: dict[str, str] = {}
        self._ended: set[str] = set()
        self._seen_day: date | None = None
        self.reporting = Reporting(client, task_queue)

    async def run(
        self, file: SampleFile, say: Callable[[str], None] = lambda line: None, *, reports: bool = False
    ) -> list[Result]:
        """With ``reports`` all complaints share one agenda: a report tells of every case as it stands at its hour."""
        results = {sample.no: Result(sample.no) for sample in file.samples}
        for pack in dict.fromkeys(sample.pack for sample in file.samples):
            await deploy_pack(self._stores, pack, datetime.now(UTC))
        async with self._stores.sessions.begin() as session:
            await populate(session, file.samples)
        began, places = time.monotonic(), asyncio.Semaphore(SIDE_BY_SIDE)

        async def play(items: list[Item]) -> None:
            async with places:
                for item in items:
                    passed = time.monotonic() - began
                    say(f"{passed:6.1f} s  {item.at:%Y-%m-%d %H:%M}  {item.no}  {_doing(item)}")
                    if item.stop is not None:
                        await self._report(item.stop)
                    else:
                        await self._do(item, results[item.no])

        async with asyncio.TaskGroup() as group:
            if reports:
                group.create_task(play(agenda(file.samples, stops(file.samples))))
            else:
                for island in islands(file.samples):
                    group.create_task(play(agenda(island)))
        for no, result in results.items():
            # Only now, with the actual result written, is the expectation opened.
            result.differences = compare(file.opened(no), result.actual)
        return list(results.values())

    @property
    def stores(self) -> Stores:
        return self._stores

    async def act(self, complaint_id: str, act: SampleAct) -> None:
        """One act on a case that the procedure itself opened (it is on no agenda). Raises ActRefused."""
        await self._promised()
        await self._axis.started(instance_id_of(complaint_id))
        await self._axis.quiet(instance_id_of(complaint_id))
        await self._cast.perform(complaint_id, act)

    async def _promised(self) -> None:
        """What a worker's jobs do beside it: starts, messages, and, where somebody answers, deliveries."""
        while (
            await self._relay.once()
            or await self._correlator.once(datetime.now(UTC))
            or (self._answered and await self._deliveries.once())
        ):
            pass

    async def _move(self, complaint_id: str, to: datetime) -> None:
        """The case and what stands beside it, so that an order left unanswered climbs its ladder too."""
        await self._axis.advance(instance_id_of(complaint_id), to)
        for instance_id in await self._beside(complaint_id):
            await self._axis.advance(instance_id, to)

    async def _beside(self, complaint_id: str) -> list[str]:
        """Processes that the procedure started for this case: supervision orders, and a confidential linked case."""
        await self._promised()
        linked = select(Complaint.id).where(Complaint.confidential_of == complaint_id)
        async with self._stores.sessions() as session:
            rows = await session.execute(
                select(Instance.id, Instance.clock_offset_s)
                .where(or_(Instance.business_key == complaint_id, Instance.business_key.in_(linked)))
                .where(Instance.id != instance_id_of(complaint_id), Instance.status.in_(("starting", "active")))
                .order_by(Instance.created_at, Instance.id)
            )
            found = [(id_, offset_s) for id_, offset_s in rows]
        for id_, offset_s in found:
            if self._axis.follow(id_, offset_s):
                await self._axis.started(id_)
                await self._axis.quiet(id_)
        return [id_ for id_, _ in found]

    async def _report(self, stop: Stop) -> None:
        """Reminders fall when offices open and limits end at midnight, so once a day all open cases are moved on."""
        if stop.at.date() != self._seen_day:
            self._seen_day = stop.at.date()
            for complaint_id in self._ids.values():
                if complaint_id not in self._ended:
                    await self._move(complaint_id, stop.at)
        await self.reporting.run(stop)

    async def _do(self, item: Item, result: Result) -> None:
        assert item.sample is not None, "reports have no sample, all else has"
        if item.kind == FILE:
            await self._file(item.sample)
            return
        complaint_id = self._ids.get(item.sample.no)
        if complaint_id is None:
            result.refused.append(f"{item.at:%Y-%m-%d %H:%M} {_doing(item)}: 投诉尚未收到。")
            return
        await self._move(complaint_id, item.at)
        if item.act is not None:
            try:
                await self._cast.perform(complaint_id, item.act)
            except ActRefused as refused:
                result.refused.append(f"{item.at:%Y-%m-%d %H:%M} {item.act.by} {item.act.act}: {refused}")
            await self._beside(complaint_id)
            return
        self._ended.add(complaint_id)
        result.events, result.history_bytes = await self._axis.history(instance_id_of(complaint_id))
        async with self._stores.sessions() as session:
            ours = {number: no for no, number in self._cast.numbers.items()}
            result.actual = await collect(session, complaint_id, item.at, ours)

    async def _file(self, sample: Sample) -> None:
        now = datetime.now(UTC)
        async with self._stores.sessions.begin() as session:
            receipt = await file_complaint(
                session, self._stores.vault, filing_of(sample), sample.received_at,
                clock_offset_s=(sample.received_at - now).total_seconds(),
            )  # fmt: skip
        instance_id = instance_id_of(receipt.complaint_id)
        self._axis.begin(instance_id, sample.received_at, now)
        self._ids[sample.no] = receipt.complaint_id
        self._cast.numbers[sample.no] = receipt.case_no
        await self._promised()
        await self._axis.started(instance_id)
        await self._axis.quiet(instance_id)


def _doing(item: Item) -> str:
    if item.stop is not None:
        return f"{item.stop.wish.pack} {item.stop.wish.kind}"
    return item.act.act if item.act else ("file" if item.kind == FILE else "as_of")
