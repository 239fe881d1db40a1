"""The figures of a daily report: what the ledger holds at an instant."""

from __future__ import annotations

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from cases.intake import instance_id_of
from cases.reports_window import Window
from cases.tables.clocks import Deadline
from cases.tables.complaints import Complaint
from cases.tables.records import CreditRecord, Determination


async def totals(session: AsyncSession, pack: str, period: Window) -> dict[str, int]:
    """Stock at the cut, except ``new_cases`` and ``new_determinations``, which count the day's stretch."""
    until = period.until
    ours = select(Complaint.id).where(
        Complaint.pack == pack, Complaint.recorded_at <= until, Complaint.confidential_of.is_(None)
    )
    cases = ours.subquery()
    stands = or_(Determination.revoked_at.is_(None), Determination.revoked_at > until)
    determinations = select(func.count()).where(
        Determination.complaint_id.in_(select(cases.c.id)), Determination.determined_at <= until, stands
    )
    overdue = (
        select(func.count(func.distinct(Deadline.instance_id)))
        .where(
            Deadline.instance_id.in_(select(func.concat(instance_id_of(""), cases.c.id))),
            Deadline.status.in_(("running", "met")),
            Deadline.due_at <= until,
            or_(Deadline.ended_at.is_(None), Deadline.ended_at > until),
        )
    )  # fmt: skip
    counts = {
        "cases": select(func.count()).select_from(cases),
        "new_cases": select(func.count()).select_from(ours.where(Complaint.recorded_at > period.since).subquery()),
        "determinations": determinations,
        "new_determinations": determinations.where(Determination.determined_at > period.since),
        "records": select(func.count()).where(
            CreditRecord.complaint_id.in_(select(cases.c.id)), CreditRecord.entered_at <= until
        ),
        "overdue_cases": overdue,
    }
    return {name: int(await session.scalar(query) or 0) for name, query in counts.items()}
