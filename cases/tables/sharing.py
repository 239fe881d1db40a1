"""What was sent to other platforms, and the daily reports."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cases.tables.base import Base


class Push(Base):
    """One message to one platform, once (``idempotency_key``). ``status``: pending, received, refused."""

    __tablename__ = "push"
    idempotency_key: Mapped[str] = mapped_column(Text, primary_key=True)
    platform: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    complaint_id: Mapped[str | None] = mapped_column(ForeignKey("complaint.id"), index=True)
    body: Mapped[dict[str, Any]]
    status: Mapped[str] = mapped_column(Text, default="pending")
    created_at: Mapped[datetime]
    received_at: Mapped[datetime | None]
    receipt: Mapped[str | None] = mapped_column(Text)
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None] = mapped_column(Text)


class DailyReport(Base):
    """The 15:45 and 17:45 reports (S2§4), one row per kind, pack and day; nil reports have ``items`` 0."""

    __tablename__ = "daily_report"
    __table_args__ = (UniqueConstraint("kind", "pack", "day"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    pack: Mapped[str] = mapped_column(Text)
    day: Mapped[date]
    items: Mapped[int]
    sent_at: Mapped[datetime | None]
    received_at: Mapped[datetime | None]
    receipt: Mapped[str | None] = mapped_column(Text)
    missing: Mapped[list[Any]]
