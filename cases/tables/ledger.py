"""The outbox, and the hash-chained audit log."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from cases.tables.base import Base


class Outbox(Base):
    """Something promised in the same transaction that must happen outside it: ``kind`` start or signal."""

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_open", "id", postgresql_where=text("done_at is null")),)
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    ref: Mapped[str] = mapped_column(Text)
    payload: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None] = mapped_column(Text)
    done_at: Mapped[datetime | None]


class AuditEntry(Base):
    """One official fact: act, refusal, reading of an identity. ``digest`` chains it to the entry before."""

    __tablename__ = "audit_entry"
    number: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(Text)
    act: Mapped[str] = mapped_column(Text)
    complaint_id: Mapped[str | None] = mapped_column(Text, index=True)
    basis: Mapped[str | None] = mapped_column(Text)
    facts: Mapped[dict[str, Any]]
    digest: Mapped[str] = mapped_column(Text)
