"""Open cases that move to another version of their model: the act with its plan, and what became of each case."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from cases.tables.base import Base


class ModelChange(Base):
    """One application of a plan. ``state``: applying, done. ``only`` names the one instance, None means all.

    ``plan`` maps ids of elements and flows of the file ``from_hash`` to ids of ``to_hash``; ``rate``: cases a second.
    """

    __tablename__ = "model_change"
    __table_args__ = (Index("ix_model_change_applying", "id", postgresql_where=text("state='applying'")),)
    id: Mapped[int] = mapped_column(primary_key=True)
    pack: Mapped[str] = mapped_column(Text)
    process_id: Mapped[str] = mapped_column(Text)
    from_hash: Mapped[str] = mapped_column(ForeignKey("definition_file.hash"))
    to_process_id: Mapped[str] = mapped_column(Text)
    to_hash: Mapped[str] = mapped_column(ForeignKey("definition_file.hash"))
    plan: Mapped[dict[str, Any]]
    only: Mapped[str | None] = mapped_column(Text)
    rate: Mapped[float]
    reason: Mapped[str] = mapped_column(Text)
    author: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    state: Mapped[str] = mapped_column(Text, default="applying")
    done_at: Mapped[datetime | None]


class ModelChangeJob(Base):
    """One case of a change. ``state``: waiting, moved, left (it no longer stood in the old version), refused, failed.

    ``step`` is the last step that moved it; ``problem`` the sentence of a refusal.
    """

    __tablename__ = "model_change_job"
    __table_args__ = (Index("ix_model_change_job_waiting", "change_id", postgresql_where=text("state='waiting'")),)
    change_id: Mapped[int] = mapped_column(ForeignKey("model_change.id"), primary_key=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("instance.id"), primary_key=True)
    state: Mapped[str] = mapped_column(Text, default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)
    step: Mapped[int | None]
    problem: Mapped[str | None] = mapped_column(Text)
    tried_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
