"""What came out of a case, read from the product's own tables as of an instant."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from cases.intake import SHANGHAI, instance_id_of
from cases.policy.loader import load
from cases.tables.clocks import Deadline, DeadlineChange
from cases.tables.complaints import Complaint
from cases.tables.engine import Incident, StageEntry
from cases.tables.letters import Letter
from cases.tables.records import CreditRecord, Determination, Escalation, Measure
from cases.tables.sharing import Push


async def collect(
    session: AsyncSession, complaint_id: str, as_of: datetime, numbers: Mapping[str, str]
) -> dict[str, Any]:
    """``numbers`` maps our case numbers back to those of the file."""
    complaint = await session.get(Complaint, complaint_id)
    assert complaint is not None
    instance_id = instance_id_of(complaint_id)
    deadlines = list(
        await session.scalars(select(Deadline).where(Deadline.instance_id == instance_id).order_by(Deadline.key))
    )
    main = await session.get(Complaint, complaint.merged_into) if complaint.merged_into else None
    return {
        "scope": complaint.scope,
        "referrer": complaint.referrer,
        "duplicate_of": numbers.get(main.case_no, main.case_no) if main else None,
        "due": {row.name: row.due.isoformat() for row in deadlines if row.due is not None},
        "due_before": await _moved(session, deadlines),
        "overdue": sorted({row.name for row in deadlines if overdue(complaint, row, as_of)}),
        "letters": await _letters(session, complaint_id, as_of),
        "stages": await _stages(session, instance_id),
        "record": await _record(session, complaint_id),
        "shared_to": await _shared_to(session, complaint),
        "measures": await _measures(session, complaint_id),
        "escalation": await _escalation(session, complaint_id),
        "annual_report_due": await _annual_report(session, complaint),
        "final_status": complaint.status,
        "incidents": await _incidents(session, instance_id),
    }


def overdue(complaint: Complaint, row: Deadline, as_of: datetime) -> bool:
    """A limit whose end means consent or waiver (``on_expiry``) lapses; it is never late."""
    if row.due_at is None or row.status == "none":
        return False
    rule = load(complaint.pack).rule(row.name, complaint.channel)
    return rule is not None and rule.on_expiry is None and (row.ended_at or as_of) > row.due_at


async def _moved(session: AsyncSession, deadlines: list[Deadline]) -> dict[str, list[str]]:
    moved: dict[str, list[str]] = {}
    for row in deadlines:
        changes = await session.scalars(
            select(DeadlineChange)
            .where(DeadlineChange.instance_id == row.instance_id, DeadlineChange.deadline_key == row.key)
            .order_by(DeadlineChange.revision)
        )
        before = [c.old_due.isoformat() for c in changes if c.old_due is not None and c.old_due != c.new_due]
        if before:
            moved.setdefault(row.name, []).extend(before)
    return moved


async def _letters(session: AsyncSession, complaint_id: str, as_of: datetime) -> list[str]:
    rows = await session.scalars(
        select(Letter)
        .where(Letter.complaint_id == complaint_id, Letter.number.is_not(None), Letter.issued_at <= as_of)
        .order_by(Letter.issued_at, Letter.key)
    )
    return [row.kind for row in rows]


async def _stages(session: AsyncSession, instance_id: str) -> list[str]:
    rows = await session.scalars(
        select(StageEntry).where(StageEntry.instance_id == instance_id).order_by(StageEntry.number)
    )
    return [row.stage for row in rows]


async def _record(session: AsyncSession, complaint_id: str) -> dict[str, Any] | None:
    row = await session.get(CreditRecord, complaint_id)
    return {"unit_uscc": row.unit_uscc, "source": row.source, "status": row.status} if row else None


async def _shared_to(session: AsyncSession, complaint: Complaint) -> list[str]:
    """In the order in which the pack lists the platforms."""
    rows = await session.scalars(select(Push).where(Push.complaint_id == complaint.id, Push.kind == "record"))
    told = {row.platform for row in rows}
    return [platform for platform in load(complaint.pack).sharing.shared_to.value if platform in told]


async def _measures(session: AsyncSession, complaint_id: str) -> list[dict[str, Any]]:
    rows = await session.scalars(
        select(Measure).where(Measure.complaint_id == complaint_id).order_by(Measure.started_at, Measure.id)
    )
    return [{"code": row.code, "target": row.target, "status": row.status} for row in rows]


async def _escalation(session: AsyncSession, complaint_id: str) -> dict[str, Any] | None:
    row = await session.get(Escalation, complaint_id)
    if row is None:
        return None
    return {"proposed_by": row.proposed_by, "pushed_on": row.pushed_on.isoformat() if row.pushed_on else None}


async def _annual_report(session: AsyncSession, complaint: Complaint) -> str | None:
    """When the pack's yearly report on the year of the determination is due."""
    determination = await session.get(Determination, complaint.id)
    report = load(complaint.pack).reports.get("annual_report")
    if determination is None or report is None:
        return None
    dates = report.due_dates(determination.determined_at.astimezone(SHANGHAI).year)
    return max(dates).isoformat() if dates else None


async def _incidents(session: AsyncSession, instance_id: str) -> list[str]:
    rows = await session.scalars(
        select(Incident).where(Incident.instance_id == instance_id, Incident.resolved_at.is_(None))
    )
    return [f"{row.element_id}: {row.reason}" for row in rows]
