"""Calendar tables as official acts, and what each publication or withdrawal did to the open deadlines."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from cases.tables.base import Base


class CalendarTable(Base):
    """One published table; its days are ``CalendarDay`` rows. Never edited: a mistake is withdrawn, with a reason.

    ``layer``: national, the name of a policy pack, or a region code. ``years``: those that it speaks for.
    ``content`` is the SHA-256 of what it says, by which a second publication of the same is known.
    """

    __tablename__ = "calendar_table"
    __table_args__ = (Index("ix_calendar_table_in_force", "layer", postgresql_where=text("withdrawn_at is null")),)
    id: Mapped[int] = mapped_column(primary_key=True)
    layer: Mapped[str] = mapped_column(Text)
    version: Mapped[str] = mapped_column(Text, unique=True)
    document: Mapped[str] = mapped_column(Text)
    years: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    content: Mapped[str] = mapped_column(Text)
    author: Mapped[str] = mapped_column(Text)
    added_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str | None] = mapped_column(Text)
    withdrawn_reason: Mapped[str | None] = mapped_column(Text)


class CalendarChange(Base):
    """One publication or withdrawal, and how far its application is.

    ``kind``: publish, withdraw; ``state``: applying, done. ``touched`` lists per calendar (pack and local layers) the
    spans of days that changed. ``barrier`` is a transaction number: when all older transactions have ended, none can
    still bring a date counted with the calendar before; 0 once that has been looked into.
    """

    __tablename__ = "calendar_change"
    __table_args__ = (Index("ix_calendar_change_applying", "id", postgresql_where=text("state='applying'")),)
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    version: Mapped[str] = mapped_column(ForeignKey("calendar_table.version"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    author: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    touched: Mapped[list[Any]]
    barrier: Mapped[int | None] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(Text, default="applying")
    done_at: Mapped[datetime | None]


class CalendarJob(Base):
    """One deadline that a change may move. ``state``: waiting, moved, same, left (paused or ended), failed, superseded.

    Without a foreign key to the deadline: its check would lock rows of cases that are being recorded.
    """

    __tablename__ = "calendar_job"
    __table_args__ = (
        Index("ix_calendar_job_waiting", "instance_id", "deadline_key", postgresql_where=text("state='waiting'")),
    )
    change_id: Mapped[int] = mapped_column(ForeignKey("calendar_change.id"), primary_key=True)
    instance_id: Mapped[str] = mapped_column(Text, primary_key=True)
    deadline_key: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(Text)
    old_due: Mapped[date | None]
    new_due: Mapped[date | None]
    messaged: Mapped[bool] = mapped_column(default=False)
    problem: Mapped[str | None] = mapped_column(Text)
    done_at: Mapped[datetime | None]
