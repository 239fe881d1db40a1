"""The work list: tasks, open acts (message subscriptions that a person may answer) and submissions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, Integer, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from cases.tables.base import Base


class Task(Base):
    """A user task that waits, or waited, for a person.

    ``candidates`` are ``role@unit`` (unit by USCC); ``deadline_key`` points at the deadline row that is its due date.
    ``row_version`` guards claim, release, assign and transfer against each other. Before ``follow_up_at`` the work list
    keeps it apart; ``scope_path`` are the scopes of the execution from the root to its own.
    """

    __tablename__ = "task"
    __table_args__ = (
        Index("ix_task_open_candidates", "candidates", postgresql_using="gin", postgresql_where=text("status='open'")),
        Index("ix_task_completed", "element_id", "closed_at", postgresql_where=text("status='completed'")),
        Index("ix_task_open_due", "due_at", postgresql_where=text("status='open'")),
    )
    instance_id: Mapped[str] = mapped_column(ForeignKey("instance.id"), primary_key=True)
    key: Mapped[int] = mapped_column(primary_key=True)
    graph_hash: Mapped[str] = mapped_column(Text)
    element_id: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    acts: Mapped[list[str]] = mapped_column(ARRAY(Text))
    candidates: Mapped[list[str]] = mapped_column(ARRAY(Text))
    unit: Mapped[str | None] = mapped_column(Text, index=True)
    form_id: Mapped[str | None] = mapped_column(Text)
    priority: Mapped[int]
    inputs: Mapped[dict[str, Any]]
    properties: Mapped[dict[str, Any]]
    deadline_key: Mapped[int | None]
    due_at: Mapped[datetime | None]
    follow_up_at: Mapped[datetime | None]
    scope_path: Mapped[list[int]] = mapped_column(ARRAY(Integer), default=list)
    created_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(Text, default="open")
    closed_at: Mapped[datetime | None]
    closed_reason: Mapped[str | None] = mapped_column(Text)
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    claimed_at: Mapped[datetime | None]
    row_version: Mapped[int] = mapped_column(default=1)


class Subscription(Base):
    """An open message catch. With an ``act`` it is something that a person may do; otherwise a message from outside."""

    __tablename__ = "subscription"
    __table_args__ = (
        Index("ix_subscription_open", "message_name", "correlation_key", postgresql_where=text("open")),
        Index(
            "ix_subscription_waiting", "opened_at", "instance_id", "key",
            postgresql_where=text("open and cardinality(acts) = 0"),
        ),
    )  # fmt: skip
    instance_id: Mapped[str] = mapped_column(ForeignKey("instance.id"), primary_key=True)
    key: Mapped[int] = mapped_column(primary_key=True)
    graph_hash: Mapped[str] = mapped_column(Text)
    element_id: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    message_name: Mapped[str] = mapped_column(Text)
    correlation_key: Mapped[str] = mapped_column(Text)
    acts: Mapped[list[str]] = mapped_column(ARRAY(Text))
    form_id: Mapped[str | None] = mapped_column(Text)
    properties: Mapped[dict[str, Any]]
    open: Mapped[bool] = mapped_column(default=True)
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class Submission(Base):
    """What a person submitted: stored before the execution hears of it, and the outbox of its Update.

    ``form`` is the content (may name persons), ``routing`` the facts that travel. ``occurred_at`` is when the act
    happened, ``recorded_at`` when it was entered (补录 needs ``late_reason``).
    ``status``: pending → done (sealed by the record) or refused. ``on_behalf_of``: whom the person stood in for, by
    ``delegation_id``.
    """

    __tablename__ = "submission"
    __table_args__ = (
        # At most one pending submission per task: the second person to press the button gets a sentence.
        Index(
            "uq_submission_pending_task",
            "instance_id",
            "task_key",
            unique=True,
            postgresql_where=text("status='pending' and task_key is not null"),
        ),
        Index("ix_submission_act_occurred_at", "act", "occurred_at"),
        Index("ix_submission_pending", "recorded_at", postgresql_where=text("status='pending'")),
        ForeignKeyConstraint(["instance_id"], ["instance.id"]),
    )
    id: Mapped[str] = mapped_column(Text, primary_key=True)
    instance_id: Mapped[str] = mapped_column(Text, index=True)
    task_key: Mapped[int | None]
    subscription_key: Mapped[int | None]
    act: Mapped[str] = mapped_column(Text)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    on_behalf_of: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    delegation_id: Mapped[str | None] = mapped_column(ForeignKey("delegation.id"))
    role: Mapped[str] = mapped_column(Text)
    unit: Mapped[str | None] = mapped_column(Text)
    form: Mapped[dict[str, Any]]
    event: Mapped[str] = mapped_column(Text)
    occurred_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    late_reason: Mapped[str | None] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text, default="pending")
    refusal: Mapped[str | None] = mapped_column(Text)
    step: Mapped[int | None]
