"""Filters of a list that a person keeps under a name, for the unit too where that is wished."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cases.tables.base import Base


class SavedQuery(Base):
    """``query`` is the query string of ``page`` (cases, orders); ``shared_uscc`` the unit that sees it beside its
    owner.
    """

    __tablename__ = "saved_query"
    __table_args__ = (UniqueConstraint("account_id", "page", "name"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    page: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    query: Mapped[str] = mapped_column(Text)
    shared_uscc: Mapped[str | None] = mapped_column(Text, index=True)
    created_at: Mapped[datetime]
