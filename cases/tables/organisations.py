"""Regions, organisations and the people who act for them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from cases.tables.base import Base


class Region(Base):
    """An administrative division (GB/T 2260 code); ``level``: REGION, LEAGUE, BANNER, TOWNSHIP."""

    __tablename__ = "region"
    code: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    level: Mapped[str] = mapped_column(Text)
    parent_code: Mapped[str | None] = mapped_column(ForeignKey("region.code"), index=True)


class Organisation(Base):
    """A unit by USCC; ``contact`` is the person or office to ask, as its letters name it.

    ``functions`` are what the directory finds it by: accepting:CHANNEL, credit_lead, region_drc …
    """

    __tablename__ = "organisation"
    uscc: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    org_type: Mapped[str] = mapped_column(Text)
    level: Mapped[str | None] = mapped_column(Text)
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"), index=True)
    superior_uscc: Mapped[str | None] = mapped_column(ForeignKey("organisation.uscc"))
    functions: Mapped[list[str]] = mapped_column(ARRAY(Text))
    phone: Mapped[str | None] = mapped_column(Text)
    address: Mapped[str | None] = mapped_column(Text)
    contact: Mapped[str | None] = mapped_column(Text)


class Account(Base):
    __tablename__ = "account"
    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(Text, unique=True)
    display_name: Mapped[str] = mapped_column(Text)
    password_hash: Mapped[str] = mapped_column(Text)
    email: Mapped[str | None] = mapped_column(Text)
    active: Mapped[bool] = mapped_column(default=True)


class Membership(Base):
    """A person acts in ``role`` (docs/glossary.md: accepting_dept, verifying_head …) for a unit."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("account_id", "role", "uscc"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    role: Mapped[str] = mapped_column(Text)
    uscc: Mapped[str] = mapped_column(ForeignKey("organisation.uscc"), index=True)


class LoginSession(Base):
    """A signed-in browser; the cookie holds a random token, this table its SHA-256."""

    __tablename__ = "login_session"
    token_hash: Mapped[str] = mapped_column(Text, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    csrf: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
