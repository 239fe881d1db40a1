"""What a determination leads to: credit record, measures, objections, escalation, repair."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from cases.tables.base import Base


class Determination(Base):
    """确认为违约失信 (S2§3): grounds G1–G3, by whom, when; ``revoked_at`` on a successful objection or appeal."""

    __tablename__ = "determination"
    complaint_id: Mapped[str] = mapped_column(ForeignKey("complaint.id"), primary_key=True)
    unit_uscc: Mapped[str] = mapped_column(Text, index=True)
    grounds: Mapped[list[str]] = mapped_column(ARRAY(Text))
    determined_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class CreditRecord(Base):
    """政务失信信用记录 (S2§6). ``status``: active, objected, corrected, revoked, repaired."""

    __tablename__ = "credit_record"
    complaint_id: Mapped[str] = mapped_column(ForeignKey("complaint.id"), primary_key=True)
    unit_uscc: Mapped[str] = mapped_column(Text, index=True)
    source: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text)
    entered_at: Mapped[datetime]
    override_reason: Mapped[str | None] = mapped_column(Text)
    changed_at: Mapped[datetime | None]
    history: Mapped[list[Any]]


class Measure(Base):
    """失信惩戒措施 (S2§8). ``target`` is a unit (USCC) or a region code. ``status``: active, ended."""

    __tablename__ = "measure"
    id: Mapped[str] = mapped_column(Text, primary_key=True)
    complaint_id: Mapped[str] = mapped_column(ForeignKey("complaint.id"), index=True)
    code: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    dept: Mapped[str] = mapped_column(Text)
    target: Mapped[str] = mapped_column(Text)
    basis: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Escalation(Base):
    """A push to the supervision platform (S2§9): proposed by rules, confirmed or declined by a person.

    ``decision``: confirmed, declined, withdrawn, or null while it waits. ``decided_by`` and ``decided_unit`` answer for
    it. ``platform_state`` is what the platform said last; ``withdrawal_letter`` is the number of the 文书撤回通知.
    """

    __tablename__ = "escalation"
    complaint_id: Mapped[str] = mapped_column(ForeignKey("complaint.id"), primary_key=True)
    proposed_by: Mapped[list[str]] = mapped_column(ARRAY(Text))
    decision: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    decided_at: Mapped[datetime | None]
    pushed_on: Mapped[date | None]
    receipt: Mapped[str | None] = mapped_column(Text)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_unit: Mapped[str | None] = mapped_column(Text)
    platform_state: Mapped[str | None] = mapped_column(Text)
    platform_words: Mapped[str | None] = mapped_column(Text)
    platform_state_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawal_letter: Mapped[str | None] = mapped_column(Text)
