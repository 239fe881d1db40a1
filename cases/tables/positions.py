"""Where each open case and each open task stands, in one narrow row: boards and lists go through these."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from cases.tables.base import Base


class CasePosition(Base):
    """Derived from the other rows by ``cases/positions.py``, in the transaction that changes those; closed cases have
    none.

    ``holder`` is the unit that has the case now. ``due_at`` is that of the running deadline that ends first,
    ``waits_*`` the open task that has waited longest, those of a breach risk left out. ``acted_at``: the last act, or
    the receipt. ``blocked``: an
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


class TaskPosition(Base):
    """An open task with what decides who sees it, kept as ``case_position`` is; one that is done has none.

    ``pool``: the unit it lies with, or ``complainant`` when it waits for one. ``due_at`` and ``start_at`` are those of
    its clock. ``status`` and what follows are the case's.
    """

    __tablename__ = "task_position"
    __table_args__ = (Index("ix_task_position_candidates", "candidates", postgresql_using="gin"),)
    instance_id: Mapped[str] = mapped_column(ForeignKey("instance.id"), primary_key=True)
    key: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column("complaint_id", ForeignKey("complaint.id"), index=True)
    element_id: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    candidates: Mapped[list[str]] = mapped_column(ARRAY(Text))
    acts: Mapped[list[str]] = mapped_column(ARRAY(Text))
    unit: Mapped[str | None] = mapped_column(Text, index=True)
    pool: Mapped[str | None] = mapped_column(Text)
    assignee_id: Mapped[int | None] = mapped_column(index=True)
    priority: Mapped[int]
    created_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    start_at: Mapped[datetime | None]
    status: Mapped[str] = mapped_column(Text)
    stage: Mapped[str] = mapped_column(Text)
    region_code: Mapped[str] = mapped_column(Text)
    accepting_uscc: Mapped[str | None] = mapped_column(Text)
    referring_uscc: Mapped[str | None] = mapped_column(Text)
    verifying_uscc: Mapped[str | None] = mapped_column(Text)
    respondent_uscc: Mapped[str] = mapped_column(Text)
    confidential_of: Mapped[str | None] = mapped_column(Text)
    barred: Mapped[list[str]] = mapped_column(ARRAY(Text))
    follow_up_at: Mapped[datetime | None]


class ActPosition(Base):
    """An act that the board counts per unit (a lead sent back, more time asked for) with what decides who sees its
    case, kept as ``case_position`` is, also after the case is closed. Made for ``cases/queries/passing.py``.
    """

    __tablename__ = "act_position"
    __table_args__ = (
        Index("ix_act_position_occurred_at", "occurred_at"), Index("ix_act_position_unit_act", "unit", "act"),
    )  # fmt: skip
    submission_id: Mapped[str] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    id: Mapped[str] = mapped_column("complaint_id", ForeignKey("complaint.id"), index=True)
    act: Mapped[str] = mapped_column(Text)
    unit: Mapped[str] = mapped_column(Text)
    occurred_at: Mapped[datetime]
    stage: Mapped[str] = mapped_column(Text)
    region_code: Mapped[str] = mapped_column(Text)
    accepting_uscc: Mapped[str | None] = mapped_column(Text)
    referring_uscc: Mapped[str | None] = mapped_column(Text)
    verifying_uscc: Mapped[str | None] = mapped_column(Text)
    respondent_uscc: Mapped[str] = mapped_column(Text)
    confidential_of: Mapped[str | None] = mapped_column(Text)
    barred: Mapped[list[str]] = mapped_column(ARRAY(Text))
