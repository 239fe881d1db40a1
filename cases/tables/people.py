"""Who stands in for whom, who is away, who must keep out of a case (回避), and acts done on many tasks at once."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from cases.tables.base import Base


class StandInPair(Base):
    """AB岗: who stands in for a person whenever that person is on leave."""

    __tablename__ = "stand_in_pair"
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    stand_in_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    set_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    set_at: Mapped[datetime]


class Leave(Base):
    """Days on which a person does not work, both ends included, in Asia/Shanghai. ``kind``: see words.LEAVES."""

    __tablename__ = "leave"
    __table_args__ = (Index("ix_leave_person", "account_id", "until", postgresql_where=text("revoked_at is null")),)
    id: Mapped[str] = mapped_column(Text, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    kind: Mapped[str] = mapped_column(Text)
    since: Mapped[date]
    until: Mapped[date]
    recorded_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    recorded_at: Mapped[datetime]
    revoked_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    revoked_at: Mapped[datetime | None]


class Delegation(Base):
    """A legal act: ``stand_in_id`` acts for ``account_id`` from ``since`` until ``until``, both days included.

    ``units`` (USCC) and ``roles`` narrow it, None means all; ``grave`` includes those of cases.people.grave. It ends by
    itself after ``until``; nothing is stored then.
    """

    __tablename__ = "delegation"
    __table_args__ = (
        Index("ix_delegation_stand_in", "stand_in_id", "until", postgresql_where=text("revoked_at is null")),
        Index("ix_delegation_person", "account_id", "until", postgresql_where=text("revoked_at is null")),
    )
    id: Mapped[str] = mapped_column(Text, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    stand_in_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    since: Mapped[date]
    until: Mapped[date]
    units: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    roles: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    grave: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text)
    leave_id: Mapped[str | None] = mapped_column(ForeignKey("leave.id"))
    granted_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    granted_at: Mapped[datetime]
    revoked_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    revoked_at: Mapped[datetime | None]
    revoked_reason: Mapped[str | None] = mapped_column(Text)


class Recusal(Base):
    """A person keeps out of a case. ``ground``: see words.RECUSAL_GROUNDS; declared by that person or by the head."""

    __tablename__ = "recusal"
    __table_args__ = (
        Index("uq_recusal_standing", "complaint_id", "account_id", unique=True,
              postgresql_where=text("lifted_at is null")),
        Index("ix_recusal_account", "account_id", postgresql_where=text("lifted_at is null")),
    )  # fmt: skip
    id: Mapped[str] = mapped_column(Text, primary_key=True)
    complaint_id: Mapped[str] = mapped_column(ForeignKey("complaint.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    ground: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    declared_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    declared_at: Mapped[datetime]
    lifted_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    lifted_at: Mapped[datetime | None]
    lifted_reason: Mapped[str | None] = mapped_column(Text)


class Urging(Base):
    """催办 of one task, at most once a day whoever urges."""

    __tablename__ = "urging"
    __table_args__ = (
        UniqueConstraint("instance_id", "task_key", "day"),
        ForeignKeyConstraint(["instance_id", "task_key"], ["task.instance_id", "task.key"]),
    )
    id: Mapped[str] = mapped_column(Text, primary_key=True)
    instance_id: Mapped[str] = mapped_column(Text)
    task_key: Mapped[int]
    day: Mapped[date]
    urged_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    urged_at: Mapped[datetime]
    words: Mapped[str] = mapped_column(Text)


class BulkRun(Base):
    """One press of a button over many tasks. ``token`` comes with the form: pressed twice, it is one run.

    ``items``: one result each, {case_id, case_no, key, name, done, sentence}; None while it runs.
    """

    __tablename__ = "bulk_run"
    token: Mapped[str] = mapped_column(Text, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    act: Mapped[str] = mapped_column(Text)
    begun_at: Mapped[datetime]
    items: Mapped[list[Any] | None]
