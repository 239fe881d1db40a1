"""When the timer start events of deployed processes begin something."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from cases.tables.base import Base


class StartSchedule(Base):
    """One timer of one start event of one version of a process.

    ``id`` is made of all of these, and the id of an instance of ``id`` and the instant that it was planned for, so that
    the same start made again (after a kill or a restore) is the same instance. ``written``: the timer as the model has
    it. ``plan``: a ``TimerPlan``; ``next_at`` is its next instant. ``begun``: how many it has begun, by hand too.

    ``status``: active ⇄ paused; ended (it has no more instants); replaced (a newer version of the process is deployed).
    """

    __tablename__ = "start_schedule"
    __table_args__ = (
        Index("ix_start_schedule_due", "next_at", postgresql_where=text("status='active'")),
        Index("ix_start_schedule_process", "pack", "process_id"),
    )
    id: Mapped[str] = mapped_column(Text, primary_key=True)
    pack: Mapped[str] = mapped_column(Text)
    process_id: Mapped[str] = mapped_column(Text)
    version: Mapped[int]
    graph_hash: Mapped[str] = mapped_column(ForeignKey("definition_file.hash"))
    start_event: Mapped[str] = mapped_column(Text)
    definition: Mapped[int | None]
    ordinal: Mapped[int]
    written: Mapped[str] = mapped_column(Text)
    zone: Mapped[str] = mapped_column(Text)
    plan: Mapped[dict[str, Any]]
    next_at: Mapped[datetime | None]
    status: Mapped[str] = mapped_column(Text)
    begun: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime | None]
    last_instance_id: Mapped[str | None] = mapped_column(Text)
