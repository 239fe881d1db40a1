"""The running deadline of an instance that ends first."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import distinct_on

from cases.tables.clocks import Deadline


def next_due() -> Select[str, datetime | None, datetime | None, date | None, bool]:
    """One a row. Complaints have theirs in ``case_position``."""
    return (
        select(Deadline.instance_id, Deadline.due_at, Deadline.start_at, Deadline.due, Deadline.provisional)
        .where(Deadline.status == "running", Deadline.due_at.is_not(None))
        .ext(distinct_on(Deadline.instance_id))
        .order_by(Deadline.instance_id, Deadline.due_at)
    )
