"""Complainants who showed number and code, and attempts that failed: neither codes nor passwords can be tried out."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from cases.tables.base import Base


class Visit(Base):
    """A complainant's browser following one case; the cookie holds a random token, this table its SHA-256."""

    __tablename__ = "visit"
    token_hash: Mapped[str] = mapped_column(Text, primary_key=True)
    complaint_id: Mapped[str] = mapped_column(ForeignKey("complaint.id"), index=True)
    csrf: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]


class FailedAttempt(Base):
    """``key`` is a SHA-256 of what was tried (a login, a case number, an address), never the thing itself."""

    __tablename__ = "failed_attempt"
    __table_args__ = (Index("ix_failed_attempt_key_at", "key", "at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
