"""What executions say to each other: thrown messages and signals, who waits for a signal, and what goes to whom."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from cases.tables.base import Base


class Published(Base):
    """A message or signal that a step has thrown. ``id`` is made of instance, step and ordinal, so the same throw
    recorded again (after a restore) is the same one, and so is whatever it starts or reaches.

    ``status``: buffered → sent (a delivery is under way) → delivered, or back; buffered → started or expired. A signal
    is buffered until its starts have been looked for. ``thrown_at`` and ``expires_at`` are on the servers' time axis.
    """

    __tablename__ = "published"
    __table_args__ = (
        UniqueConstraint("instance_id", "step", "ordinal"),
        Index("ix_published_buffered", "pack", "name", "correlation_key", postgresql_where=text("status='buffered'")),
    )
    id: Mapped[str] = mapped_column(Text, primary_key=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("instance.id"))
    step: Mapped[int]
    ordinal: Mapped[int]
    pack: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    correlation_key: Mapped[str] = mapped_column(Text)
    variables: Mapped[str] = mapped_column(Text)
    thrown_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(Text, default="buffered")


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
    asked again after the others.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("published_id", "instance_id", "key"),
        Index("ix_delivery_open", "instance_id", "key", postgresql_where=text("status='open'")),
    )
    id: Mapped[str] = mapped_column(Text, primary_key=True)
    published_id: Mapped[str] = mapped_column(ForeignKey("published.id"))
    instance_id: Mapped[str] = mapped_column(Text)
    key: Mapped[int]
    status: Mapped[str] = mapped_column(Text, default="open")
    tried_at: Mapped[datetime | None]
