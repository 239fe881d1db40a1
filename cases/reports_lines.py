"""The lines of a report: cases as they stood at an instant, without anything that names or describes who complained."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select, union
from sqlalchemy.ext.asyncio import AsyncSession

from cases.deadlines.zone import day_of
from cases.intake import instance_id_of
from cases.tables.clocks import Deadline, DeadlineChange
from cases.tables.complaints import Complaint
from cases.tables.engine import StageEntry
from cases.tables.organisations import Organisation
from cases.tables.records import CreditRecord, Determination, Measure

Line = dict[str, Any]
RECEIVED = "received"
OPEN = "open"


async def changed(session: AsyncSession, pack: str, since: datetime, until: datetime) -> list[Complaint]:
    """Cases taken in or moved within ``since`` < t <= ``until``, by case number."""

    def within(column: Any) -> ColumnElement[bool]:
        found: ColumnElement[bool] = (column > since) & (column <= until)
        return found

    prefix = len(instance_id_of(""))
    from_instance = [
        select(_after(StageEntry.instance_id, prefix)).where(within(StageEntry.at)),
        select(_after(DeadlineChange.instance_id, prefix)).where(within(DeadlineChange.at)),
    ]
    from_case: list[Select[Any]] = [
        select(Complaint.id).where(within(Complaint.recorded_at)),
        select(Determination.complaint_id).where(
            or_(within(Determination.determined_at), within(Determination.revoked_at))
        ),
        select(CreditRecord.complaint_id).where(or_(within(CreditRecord.entered_at), within(CreditRecord.changed_at))),
        select(Measure.complaint_id).where(or_(within(Measure.started_at), within(Measure.ended_at))),
    ]
    moved = union(*from_case, *from_instance).subquery()
    rows = await session.scalars(
        select(Complaint)
        .where(Complaint.pack == pack, Complaint.id.in_(select(moved.c[0])), Complaint.recorded_at <= until)
        .where(Complaint.confidential_of.is_(None))
        .order_by(Complaint.case_no)
    )
    return list(rows)


def _after(column: Any, length: int) -> Any:
    return func.substr(column, length + 1)


async def lines(session: AsyncSession, cases: Sequence[Complaint], as_at: datetime) -> list[Line]:
    """One line a case, as it stood ``as_at``. A constant number of queries, however many cases."""
    ids = [case.id for case in cases]
    instances = {instance_id_of(id_): id_ for id_ in ids}
    stages = await _stages(session, instances)
    clocks = await _clocks(session, instances, as_at)
    determined = await _by_case(session, select(Determination).where(Determination.complaint_id.in_(ids)))
    records = await _by_case(session, select(CreditRecord).where(CreditRecord.complaint_id.in_(ids)))
    units = select(Organisation.uscc, Organisation.name).where(
        Organisation.uscc.in_({case.respondent_uscc for case in cases})
    )
    names = {row.uscc: row.name for row in await session.execute(units)}
    return [
        _line(case, stages[case.id], clocks[case.id], determined.get(case.id), records.get(case.id), as_at)
        | {"respondent_name": names.get(case.respondent_uscc)}
        for case in cases
    ]


def _line(
    case: Complaint,
    stages: list[StageEntry],
    clocks: list[Deadline],
    determination: Determination | None,
    record: CreditRecord | None,
    as_at: datetime,
) -> Line:
    past = [entry for entry in stages if entry.at <= as_at]
    # Secrets get technical protection (S2 保障措施四): of a classified contract not even the amount leaves.
    withheld = [] if case.classification == "无" else ["amount_cny", "disputed_amount_cny"]
    # The final status is the case's only while its last stage was reached by then.
    current = len(past) == len(stages)
    if determination is not None and determination.determined_at > as_at:
        determination = None
    stands = determination is not None and (determination.revoked_at is None or determination.revoked_at > as_at)
    return {
        "case_no": case.case_no,
        "received_on": day_of(case.received_at).isoformat(),
        "channel": case.channel,
        "domain": case.domain,
        "region_code": case.region_code,
        "respondent_unit": case.respondent_uscc,
        "accepting_unit": case.accepting_uscc,
        "verifying_unit": case.verifying_uscc,
        "amount_cny": None if withheld else _text(case.amount_cny),
        "disputed_amount_cny": None if withheld else _text(case.disputed_amount_cny),
        "stage": past[-1].stage if past else RECEIVED,
        "status": case.status if current else OPEN,
        "deadlines": {clock.name: clock.due.isoformat() for clock in clocks if clock.due is not None},
        "determined_on": day_of(determination.determined_at).isoformat() if determination else None,
        "grounds": list(determination.grounds) if determination and stands else [],
        "record_status": _record_status(record, as_at),
        "past_stages": [entry.stage for entry in past],
        "withheld": withheld,
    }


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)


def _record_status(record: CreditRecord | None, as_at: datetime) -> str | None:
    past = [entry for entry in (record.history if record else []) if datetime.fromisoformat(entry["at"]) <= as_at]
    return str(past[-1]["status"]) if past else None


async def _stages(session: AsyncSession, instances: dict[str, str]) -> defaultdict[str, list[StageEntry]]:
    found: defaultdict[str, list[StageEntry]] = defaultdict(list)
    rows = await session.scalars(
        select(StageEntry).where(StageEntry.instance_id.in_(instances)).order_by(StageEntry.number)
    )
    for row in rows:
        found[instances[row.instance_id]].append(row)
    return found


async def _clocks(
    session: AsyncSession, instances: dict[str, str], as_at: datetime
) -> defaultdict[str, list[Deadline]]:
    found: defaultdict[str, list[Deadline]] = defaultdict(list)
    rows = await session.scalars(
        select(Deadline)
        .where(
            Deadline.instance_id.in_(instances),
            Deadline.status.in_(("running", "paused", "met")),
            Deadline.start_at <= as_at,
            or_(Deadline.ended_at.is_(None), Deadline.ended_at > as_at),
        )
        .order_by(Deadline.instance_id, Deadline.key)
    )
    for row in rows:
        found[instances[row.instance_id]].append(row)
    return found


async def _by_case(session: AsyncSession, query: Select[Any]) -> dict[str, Any]:
    return {row.complaint_id: row for row in await session.scalars(query)}
