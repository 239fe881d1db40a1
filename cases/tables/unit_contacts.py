"""What the letters of a unit said of its office, one row for each time that it changed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from cases.tables.base import Base


class UnitContact(Base):
    """``actor`` None: how it stood before the first change. ``restores``: the row that this one brought back."""

    __tablename__ = "unit_contact"
    id: Mapped[int] = mapped_column(primary_key=True)
    uscc: Mapped[str] = mapped_column(ForeignKey("organisation.uscc"), index=True)
    phone: Mapped[str | None] = mapped_column(Text)
    address: Mapped[str | None] = mapped_column(Text)
    contact: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime]
    actor: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    restores: Mapped[int | None] = mapped_column(ForeignKey("unit_contact.id"))
