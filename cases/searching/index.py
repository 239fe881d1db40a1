"""Writing ``case_text``: once, by whoever opens a case. Nothing that a case is searched by changes later."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Text, bindparam, func, insert, select
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession

from cases.searching.folding import folded
from cases.searching.grams import pieces
from cases.tables.complaints import Complaint, FurtherContract
from cases.tables.searching import CaseText

BATCH = 10_000
_INSERT = insert(CaseText).values(
    id=bindparam("id"), region_code=bindparam("region"), received_at=bindparam("at"), text=bindparam("text"),
    pieces=func.array_to_tsvector(bindparam("pieces", type_=ARRAY(Text))),
)  # fmt: skip


async def write(session: AsyncSession, complaint: Complaint, projects: Iterable[str | None] = ()) -> None:
    """``projects``: those of further contracts. The case itself must have been flushed."""
    fields = (complaint.case_no, complaint.title, complaint.project_name, *projects)
    row = _row(complaint.id, complaint.region_code, complaint.received_at, *fields)
    await session.execute(_INSERT, row)


def fill(connection: Connection) -> None:
    """Whatever cases have no row yet, as after an upgrade."""
    further = (
        select(func.array_agg(aggregate_order_by(FurtherContract.project_name, FurtherContract.number)))
        .where(FurtherContract.complaint_id == Complaint.id)
        .scalar_subquery()
    )
    known = select(CaseText.id).where(CaseText.id == Complaint.id).exists()
    lacking = (
        select(
            Complaint.id, Complaint.region_code, Complaint.received_at, Complaint.case_no, Complaint.title,
            Complaint.project_name, further,
        )
        .where(~known).order_by(Complaint.id).limit(BATCH)
    )  # fmt: skip
    while rows := [_row(*found, *(projects or ())) for *found, projects in connection.execute(lacking).all()]:
        connection.execute(_INSERT, rows)


def _row(complaint_id: str, region_code: str, received_at: datetime, *fields: str | None) -> dict[str, Any]:
    lines = [folded(field) for field in fields if field]
    parts = dict.fromkeys(piece for line in lines for piece in pieces(line))
    return {
        "id": complaint_id, "region": region_code, "at": received_at, "text": "\n".join(lines), "pieces": list(parts),
    }  # fmt: skip
