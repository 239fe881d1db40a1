"""What executions say to each other: thrown messages and signals, who waits for a signal, and what goes to whom."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from cases.tables.base import Base


class Published(Base):
    """A message or signal that a step has thrown. ``id`` is made of instance, step and ordinal, so the same throw
    recorded again (after a restore) is the same one, and so is whatever it starts or reaches.

    One from outside has no instance but a ``sender``, an actor as the audit log names it; its ``id`` is made of sender
    and the sender's own message id. ``status``: buffered → sent (a delivery is under way) → delivered, or back;
    buffered → started, expired or dropped (by a person). A signal is buffered until its starts have been looked for.
    ``settled_at``: since when it is delivered, started, expired or dropped. All instants are on the servers' time axis.
    """

    __tablename__ = "published"
    __table_args__ = (
        UniqueConstraint("instance_id", "step", "ordinal"),
        Index("ix_published_buffered", "pack", "name", "correlation_key", postgresql_where=text("status='buffered'")),
        Index("ix_published_settled", "settled_at", postgresql_where=text("settled_at is not null")),
        Index("ix_published_expired", "settled_at", postgresql_where=text("status='expired'")),
    )
    id: Mapped[str] = mapped_column(Text, primary_key=True)
    instance_id: Mapped[str | None] = mapped_column(ForeignKey("instance.id"))
    step: Mapped[int | None]
    ordinal: Mapped[int | None]
    sender: Mapped[str | None] = mapped_column(Text)
    pack: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    correlation_key: Mapped[str] = mapped_column(Text)
    variables: Mapped[str] = mapped_column(Text)
    thrown_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(Text, default="buffered")
    settled_at: Mapped[datetime | None]


class SignalCatch(Base):
    """An open signal catch; ``subscription`` has those of messages."""

    __tablename__ = "signal_catch"
    __table_args__ = (Index("ix_signal_catch_open", "signal_name", postgresql_where=text("open")),)
    instance_id: Mapped[str] = mapped_column(ForeignKey("instance.id"), primary_key=True)
    key: Mapped[int] = mapped_column(primary_key=True)
    element_id: Mapped[str] = mapped_column(Text)
    signal_name: Mapped[str] = mapped_column(Text)
    open: Mapped[bool] = mapped_column(default=True)
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class Delivery(Base):
    """A published message or signal on its way to one catch. ``id`` is the id of the Update and of the step.

    The instance is no foreign key: that would take a lock on a row that its own records hold, and two executions that
    signal each other would wait in a circle. ``status``: open → done or refused. ``tried_at``: what did not answer is
    asked again after the others; ``tries`` counts how often.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("published_id", "instance_id", "key"),
        Index("ix_delivery_open", "instance_id", "key", postgresql_where=text("status='open'")),
        Index("ix_delivery_instance_id", "instance_id"),
    )
    id: Mapped[str] = mapped_column(Text, primary_key=True)
    published_id: Mapped[str] = mapped_column(ForeignKey("published.id"))
    instance_id: Mapped[str] = mapped_column(Text)
    key: Mapped[int]
    status: Mapped[str] = mapped_column(Text, default="open")
    created_at: Mapped[datetime]
    tried_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    settled_at: Mapped[datetime | None]
