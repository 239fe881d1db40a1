"""Deadlines: one row each, read by task list, timers, letters, lights, statistics and the complainant's page alike."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from cases.tables.base import Base


class Deadline(Base):
    """``status``: running, paused, met, cancelled, or none (the policy knows no such clock in this channel).

    ``due`` is the last day (Asia/Shanghai), ``due_at`` the instant it ends (24:00). ``derivation`` lists the days
    counted, ``set_step`` is the step that set this revision. ``limit`` is the amount in force ("5wd", "30d"),
    ``basis`` the law or default it comes from.
    """

    __tablename__ = "deadline"
    __table_args__ = (Index("ix_deadline_running_due", "due_at", postgresql_where=text("status='running'")),)
    instance_id: Mapped[str] = mapped_column(ForeignKey("instance.id"), primary_key=True)
    key: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text, index=True)
    element_id: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text)
    revision: Mapped[int]
    set_step: Mapped[int]
    starts: Mapped[dict[str, Any]]
    start_at: Mapped[datetime | None]
    set_limit: Mapped[str | None] = mapped_column(Text)
    limit: Mapped[str | None] = mapped_column(Text)
    basis: Mapped[str | None] = mapped_column(Text)
    source: Mapped[str | None] = mapped_column(Text)
    due: Mapped[date | None]
    unrolled: Mapped[date | None]
    due_at: Mapped[datetime | None]
    provisional: Mapped[bool] = mapped_column(default=False)
    calendar_version: Mapped[str | None] = mapped_column(Text)
    horizon: Mapped[date | None]
    rungs: Mapped[dict[str, Any]]
    pauses: Mapped[list[Any]]
    extensions: Mapped[list[Any]]
    derivation: Mapped[list[Any]]
    ended_at: Mapped[datetime | None]


class DeadlineChange(Base):
    """Every move of a due date: old, new, why, when."""

    __tablename__ = "deadline_change"
    __table_args__ = (
        ForeignKeyConstraint(["instance_id", "deadline_key"], ["deadline.instance_id", "deadline.key"]),
    )
    instance_id: Mapped[str] = mapped_column(Text, primary_key=True)
    deadline_key: Mapped[int] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    old_due: Mapped[date | None]
    new_due: Mapped[date | None]
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class RungClaim(Base):
    """A rung of a deadline fires once, whatever restarts, re-arms or continues as new."""

    __tablename__ = "rung_claim"
    instance_id: Mapped[str] = mapped_column(ForeignKey("instance.id"), primary_key=True)
    deadline_key: Mapped[int] = mapped_column(primary_key=True)
    rung: Mapped[str] = mapped_column(Text, primary_key=True)
    revision: Mapped[int]
    at: Mapped[datetime]


class CalendarDay(Base):
    """One row of a calendar layer: ``layer`` is national or a region code. Withdrawn rows keep their time."""

    __tablename__ = "calendar_day"
    __table_args__ = (Index("ix_calendar_day_layer_day", "layer", "day"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    layer: Mapped[str] = mapped_column(Text)
    version: Mapped[str] = mapped_column(ForeignKey("calendar_table.version"))
    day: Mapped[date]
    working: Mapped[bool]
    name: Mapped[str] = mapped_column(Text)
    document: Mapped[str] = mapped_column(Text)
    added_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
