"""Supervision orders (督办件, 挂牌督办): what was demanded of whom, until when, and how it ended."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from cases.tables.base import Base


class SupervisionOrder(Base):
    """One order is one process instance of its own (``supervision_order:ID``); its business key is the lead case.

    ``kind``: supervision (督办) or listed (挂牌). ``issuer_account_id`` is the person who decided on it and the only
    one who closes it. ``letter_id`` is the letter that carries it; ``reply_limit`` ("5wd") is null for the policy's.
    ``state`` and the instants below it are projected from the elements that its token entered.
    """

    __tablename__ = "supervision_order"
    __table_args__ = (
        Index("ix_supervision_order_addressee_state", "addressee_uscc", "state"),
        Index("ix_supervision_order_issuer_state", "issuer_uscc", "state"),
    )
    id: Mapped[str] = mapped_column(Text, primary_key=True)
    number: Mapped[str] = mapped_column(Text, unique=True)
    kind: Mapped[str] = mapped_column(Text)
    instance_id: Mapped[str] = mapped_column(ForeignKey("instance.id"), unique=True)
    complaint_id: Mapped[str] = mapped_column(ForeignKey("complaint.id"), index=True)
    issuer_uscc: Mapped[str] = mapped_column(ForeignKey("organisation.uscc"))
    issuer_role: Mapped[str] = mapped_column(Text)
    issuer_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    addressee_uscc: Mapped[str] = mapped_column(ForeignKey("organisation.uscc"))
    reason: Mapped[str] = mapped_column(Text)
    demand: Mapped[str] = mapped_column(Text)
    reply_limit: Mapped[str | None] = mapped_column(Text)
    letter_id: Mapped[str | None] = mapped_column(ForeignKey("letter.id"))
    opened_at: Mapped[datetime] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(Text, default="drafting", index=True)
    state_at: Mapped[datetime]
    served_at: Mapped[datetime | None]
    replied_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    returns: Mapped[int] = mapped_column(default=0)


class OrderCase(Base):
    """A case that an order concerns, the lead case among them, in the order in which the letter names them."""

    __tablename__ = "supervision_order_case"
    order_id: Mapped[str] = mapped_column(ForeignKey("supervision_order.id"), primary_key=True)
    complaint_id: Mapped[str] = mapped_column(ForeignKey("complaint.id"), primary_key=True, index=True)
    position: Mapped[int]


class OrderPaper(Base):
    """Evidence that the addressee put to its reply; the document itself lies with the lead case."""

    __tablename__ = "supervision_order_paper"
    order_id: Mapped[str] = mapped_column(ForeignKey("supervision_order.id"), primary_key=True)
    document_id: Mapped[str] = mapped_column(ForeignKey("document.id"), primary_key=True)
