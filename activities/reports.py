"""The steps of the daily and periodic reports, each idempotent per kind, pack and day."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from temporalio import activity

from activities import contracts
from activities.sharing import on_axis
from activities.stores import Stores
from cases import reports_daily, reports_periodic, reports_readers, sharing
from cases.policy.loader import load
from cases.reports_window import local_time, share_of
from cases.tables.ledger import Outbox
from cases.tables.organisations import Organisation
from notifications.notice import write_notice


class Reports:
    def __init__(self, stores: Stores) -> None:
        self._stores = stores

    @activity.defn(name=contracts.COMPOSE_REPORT)
    async def compose(self, given: contracts.ReportRequest) -> contracts.ReportResult:
        async with self._stores.transaction() as session:
            made = await reports_daily.compose(
                session, given.kind, given.pack, _as_at(given), given.clock_offset_s
            )
            if made.key is not None:
                await _take_over(session, made.key, on_axis(given.clock_offset_s))
        return contracts.ReportResult(made.window.day.isoformat(), made.items, made.key)

    @activity.defn(name=contracts.ALERT_MISSING)
    async def alert(self, given: contracts.ReportRequest) -> contracts.ReportResult:
        """15:30: each accepting department learns what its cases lack, the region DRC learns all of it."""
        at = _as_at(given)
        async with self._stores.transaction() as session:
            last, missing = await reports_daily.missing_now(session, given.pack, at)
            day = last.day + timedelta(days=1)
            by_unit: defaultdict[str, list[str]] = defaultdict(list)
            for entry in missing:
                by_unit[str(entry["unit"] or "")].append(entry["case_no"])
            told = 0
            for unit, cases in by_unit.items():
                told += await _tell_missing(session, given, unit, cases, day.isoformat(), at)
        return contracts.ReportResult(day.isoformat(), len(missing), notices=told)

    @activity.defn(name=contracts.ESCALATE_REPORT)
    async def escalate(self, given: contracts.ReportRequest) -> contracts.ReportResult:
        """16:05: no receipt, whatever the reason, is told to region DRC and supervisors."""
        kind, at = given.kind.removesuffix("_escalation"), _as_at(given)
        async with self._stores.transaction() as session:
            lacking = await reports_daily.lacks_receipt(session, kind, given.pack, at)
            if lacking is None:
                return contracts.ReportResult(at.date().isoformat())
            period, state = lacking
            title = share_of(load(given.pack), kind).title
            facts = {"day": period.day.isoformat(), "report": title, "at": local_time(at), "unit": "本平台"}
            words = write_notice("report_missing" if state == "unsent" else "report_no_receipt", facts)
            readers = await reports_readers.responsible(session, given.pack)
            key = f"{sharing.report_key(kind, given.pack, period.day.isoformat())}:escalation"
            told = await reports_readers.tell(
                session, readers, key, words.kind, words.subject, words.body, facts, at
            )
        return contracts.ReportResult(period.day.isoformat(), notices=told)

    @activity.defn(name=contracts.DRAFT_PERIODIC)
    async def draft(self, given: contracts.ReportRequest) -> contracts.ReportResult:
        async with self._stores.transaction() as session:
            made = await reports_periodic.draft(session, given.kind, given.pack, _as_at(given))
        return contracts.ReportResult(made.last_day.isoformat(), made.items)


def _as_at(given: contracts.ReportRequest) -> datetime:
    assert given.as_at is not None, "the workflow fills the Schedule's instant in"
    return datetime.fromisoformat(given.as_at)


async def _take_over(session: AsyncSession, key: str, at: datetime) -> None:
    """The report's own execution delivers its message: a second one from the outbox would only ask twice."""
    for row in await session.scalars(select(Outbox).where(Outbox.kind == sharing.OUTBOX, Outbox.ref == key)):
        row.done_at = row.done_at or at


async def _tell_missing(
    session: AsyncSession, given: contracts.ReportRequest, unit: str, cases: list[str], day: str, at: datetime
) -> int:
    organisation = await session.get(Organisation, unit)
    name = organisation.name if organisation else "受理部门不明的案件"
    facts = {"day": day, "at": local_time(at), "unit": name}
    words = write_notice("report_missing", facts)
    readers = [
        *await reports_readers.of_unit(session, unit),
        *await reports_readers.responsible(session, given.pack),
    ]
    key = f"{sharing.report_key('intake', given.pack, day)}:alert:{unit}"
    body = f"{words.body}\n缺项案件：{'、'.join(cases)}。"
    return await reports_readers.tell(
        session, readers, key, words.kind, words.subject, body, facts | {"cases": cases}, at
    )
