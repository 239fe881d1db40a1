"""Official letters (公文) and notices."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from cases.tables.base import Base


class Letter(Base):
    """One letter of a case. ``facts`` is what it says; the number (发文字号) and date come at issue, once.

    ``status``: draft, reviewed, issued, served, withdrawn. ``key`` is the scope of its chain in the execution.
    """

    __tablename__ = "letter"
    __table_args__ = (UniqueConstraint("instance_id", "key"),)
    id: Mapped[str] = mapped_column(Text, primary_key=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("instance.id"))
    key: Mapped[int]
    complaint_id: Mapped[str] = mapped_column(ForeignKey("complaint.id"), index=True)
    kind: Mapped[str] = mapped_column(Text)
    issuer_uscc: Mapped[str | None] = mapped_column(Text)
    addressee: Mapped[str] = mapped_column(Text)
    facts: Mapped[dict[str, Any]]
    body: Mapped[str | None] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text, default="draft")
    number: Mapped[str | None] = mapped_column(Text, unique=True)
    drafted_at: Mapped[datetime]
    issued_at: Mapped[datetime | None]
    issued_by: Mapped[str | None] = mapped_column(Text)
    served_at: Mapped[datetime | None]
    served_by: Mapped[str | None] = mapped_column(Text)
    pdf: Mapped[bytes | None]


class LetterNumber(Base):
    """The last number per issuer and year (发文字号〔年〕n号)."""

    __tablename__ = "letter_number"
    issuer: Mapped[str] = mapped_column(Text, primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]


class Notice(Base):
    """A message to one addressee by one channel, once (``idempotency_key``). ``status``: pending, sent, failed."""

    __tablename__ = "notice"
    __table_args__ = (Index("ix_notice_pending", "created_at", postgresql_where=text("status='pending'")),)
    idempotency_key: Mapped[str] = mapped_column(Text, primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    complaint_id: Mapped[str | None] = mapped_column(ForeignKey("complaint.id"), index=True)
    channel: Mapped[str] = mapped_column(Text)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    to_party: Mapped[bool] = mapped_column(default=False)
    facts: Mapped[dict[str, Any]]
    subject: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text, default="pending")
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
