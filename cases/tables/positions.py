"""Where each open case stands, in one narrow row: boards and lists of a hundred thousand cases count these rows."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from cases.tables.base import Base


class CasePosition(Base):
    """Derived from the other rows by ``cases/positions.py``, in the transaction that changes those; closed cases have
    none.

    ``holder`` is the unit that has the case now. ``due_at`` is that of the running deadline that ends first.
    ``acted_at``: the last act, or the receipt. ``waits_*``: the open task that has waited longest. ``blocked``: an
    incident stands.
    """

    __tablename__ = "case_position"
    __table_args__ = (Index("ix_case_position_due_at", "due_at"), Index("ix_case_position_acted_at", "acted_at"))
    id: Mapped[str] = mapped_column("complaint_id", ForeignKey("complaint.id"), primary_key=True)
    region_code: Mapped[str] = mapped_column(Text, index=True)
    stage: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text)
    holder: Mapped[str | None] = mapped_column(Text, index=True)
    accepting_uscc: Mapped[str | None] = mapped_column(Text)
    referring_uscc: Mapped[str | None] = mapped_column(Text)
    verifying_uscc: Mapped[str | None] = mapped_column(Text)
    respondent_uscc: Mapped[str] = mapped_column(Text)
    confidential_of: Mapped[str | None] = mapped_column(Text)
    barred: Mapped[list[str]] = mapped_column(ARRAY(Text))
    received_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    start_at: Mapped[datetime | None]
    due: Mapped[date | None]
    provisional: Mapped[bool]
    acted_at: Mapped[datetime]
    waits_task: Mapped[str | None] = mapped_column(Text)
    waits_unit: Mapped[str | None] = mapped_column(Text)
    waits_role: Mapped[str | None] = mapped_column(Text)
    blocked: Mapped[bool]
