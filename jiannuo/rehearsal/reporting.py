"""The reports of a rehearsal: the same workflows that Schedules start, at the policy's hours of every calendar day."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import select
from temporalio.client import Client

from activities.contracts import ReportRequest, ReportResult
from activities.platforms.port import Answer, Envelope, PlatformPort
from activities.stores import Stores
from cases.deadlines.zone import SHANGHAI, at
from cases.policy.loader import load
from cases.reports_window import share_of
from cases.sharing import DRAFT, PENDING
from cases.tables.sharing import DailyReport, Push
from jiannuo.rehearsal.sample import Sample
from jiannuo.schedules import wished
from workflows.schedules import Wish

LOOKS, LOOK_S = 150, 0.2


class Counterpart:
    """The other side of a rehearsal: takes each message once, in order of its subject, and answers with a receipt."""

    def __init__(self) -> None:
        self.received: dict[str, Envelope] = {}

    async def send(self, envelope: Envelope) -> Answer:
        self.received.setdefault(envelope.key, envelope)
        return Answer(f"R{list(self.received).index(envelope.key) + 1}", received=True)


class Counterparts(dict[str, PlatformPort]):
    """Whichever platform a pack names, the rehearsal's counterpart stands for it."""

    def __init__(self, counterpart: Counterpart) -> None:
        super().__init__()
        self._counterpart = counterpart

    def __missing__(self, key: str) -> PlatformPort:
        return self._counterpart


@dataclass(frozen=True)
class Stop:
    at: datetime
    wish: Wish


@dataclass
class Reported:
    """What came of the reports. ``items``: lines in all reports; ``notices``: people told by alerts and escalations;
    ``pushed``: determinations, records and typical cases; ``undelivered``: those without a receipt in their time.
    """

    runs: int = 0
    sent: int = 0
    nil: int = 0
    items: int = 0
    notices: int = 0
    without_receipt: list[str] = field(default_factory=list)
    pushed: int = 0
    undelivered: list[str] = field(default_factory=list)

    @property
    def kept(self) -> bool:
        return not self.without_receipt and not self.undelivered

    def note(self, stop: Stop, result: ReportResult) -> None:
        self.runs += 1
        self.notices += result.notices
        if result.push_key is not None:
            self.sent += 1
            self.items += result.items
            self.nil += result.items == 0


def stops(samples: Sequence[Sample]) -> Iterator[Stop]:
    """Every hour at which a Schedule of these packs would fire, from the first complaint to the last comparison."""
    spans: dict[str, tuple[datetime, datetime]] = {}
    for sample in samples:
        first, last = spans.get(sample.pack, (sample.received_at, sample.as_of))
        spans[sample.pack] = (min(first, sample.received_at), max(last, sample.as_of))
    for pack, (first, last) in spans.items():
        day = first.astimezone(SHANGHAI).date()
        while day <= last.astimezone(SHANGHAI).date():
            for wish in wished(load(pack)):
                instant = at(day, time(wish.hour, wish.minute, wish.second))
                due = not wish.months or (day.day == 1 and day.month in wish.months)
                if due and first <= instant <= last:
                    yield Stop(instant, wish)
            day += timedelta(days=1)


class Reporting:
    def __init__(self, client: Client, task_queue: str) -> None:
        self._client = client
        self._task_queue = task_queue
        self.result = Reported()

    async def run(self, stop: Stop) -> None:
        """Waits for its end: a report that is sent has its receipt, or is told to have none."""
        offset = (stop.at - datetime.now(UTC)).total_seconds()
        request = ReportRequest(stop.wish.kind, stop.wish.pack, stop.at.isoformat(), offset)
        result = await self._client.execute_workflow(
            stop.wish.workflow, request, id=f"{stop.wish.id}:{stop.at:%Y-%m-%d}", task_queue=self._task_queue,
            result_type=ReportResult,
        )  # fmt: skip
        self.result.note(stop, result)


    async def closed(self, stores: Stores) -> Reported:
        """With the reports that have no receipt, or one that came after the hour before which it had to lie."""
        async with stores.sessions() as session:
            rows = await session.scalars(select(DailyReport).order_by(DailyReport.day, DailyReport.id))
            for row in rows:
                limit = share_of(load(row.pack), row.kind).receipt_before.value
                if row.received_at is None or row.received_at >= at(row.day, limit):
                    self.result.without_receipt.append(f"{row.day} {row.pack} {row.kind}")
        await self._pushes(stores)
        return self.result

    async def _pushes(self, stores: Stores) -> None:
        """Deliveries run in real time beside the cases: the last of them may still be on its way."""
        pushes = select(Push).where(Push.complaint_id.is_not(None), Push.status != DRAFT)
        for _ in range(LOOKS):
            async with stores.sessions() as session:
                rows = (await session.scalars(pushes.order_by(Push.created_at, Push.idempotency_key))).all()
            if all(row.status != PENDING for row in rows):
                break
            await asyncio.sleep(LOOK_S)
        self.result.pushed = len(rows)
        for row in rows:
            within = timedelta(seconds=float(row.body["within_s"]))
            if row.received_at is None or row.received_at - row.created_at > within:
                self.result.undelivered.append(f"{row.created_at:%Y-%m-%d} {row.kind} {row.body['subject']}")


def ports_for(counterpart: Counterpart | None) -> Mapping[str, PlatformPort] | None:
    return Counterparts(counterpart) if counterpart is not None else None
