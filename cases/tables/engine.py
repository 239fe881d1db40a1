"""Deployed definitions, process instances and the append-only step log."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cases.tables.base import Base


class DefinitionFile(Base):
    """A deployed file, by the SHA-256 of its bytes. ``kind``: bpmn, dmn or form."""

    __tablename__ = "definition_file"
    hash: Mapped[str] = mapped_column(Text, primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    source: Mapped[bytes]
    deployed_at: Mapped[datetime]


class DefinitionVersion(Base):
    """Version ``version`` of a process, decision or form id within a policy pack. ``imports``: the hashes of the files
    that a decision's file imports, directly or further on.
    """

    __tablename__ = "definition_version"
    __table_args__ = (UniqueConstraint("pack", "kind", "definition_id", "version"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    pack: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    definition_id: Mapped[str] = mapped_column(Text)
    version: Mapped[int]
    version_tag: Mapped[str | None] = mapped_column(Text)
    hash: Mapped[str] = mapped_column(ForeignKey("definition_file.hash"))
    imports: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")


class Instance(Base):
    """One execution of a process. ``last_step`` and ``digest`` guard the step log; ``state`` is the latest snapshot.

    ``start_event`` and ``start_definition``: where a message or signal began it (``bpmn.starts``).
    """

    __tablename__ = "instance"
    id: Mapped[str] = mapped_column(Text, primary_key=True)
    process_id: Mapped[str] = mapped_column(Text)
    graph_hash: Mapped[str] = mapped_column(ForeignKey("definition_file.hash"))
    pack: Mapped[str] = mapped_column(Text)
    business_key: Mapped[str] = mapped_column(Text, index=True)
    channel: Mapped[str | None] = mapped_column(Text)
    variables: Mapped[str] = mapped_column(Text)
    start_event: Mapped[str | None] = mapped_column(Text)
    start_definition: Mapped[int | None]
    clock_offset_s: Mapped[float] = mapped_column(default=0.0)
    status: Mapped[str] = mapped_column(Text, default="starting", index=True)
    created_at: Mapped[datetime]
    last_step: Mapped[int] = mapped_column(default=0)
    last_step_at: Mapped[datetime | None]
    digest: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str | None] = mapped_column(Text)
    outstanding: Mapped[str] = mapped_column(Text, default="[]")
    halted: Mapped[str | None] = mapped_column(Text)


class LoggedStep(Base):
    """One applied event. Append-only; the read model can be rebuilt from these rows."""

    __tablename__ = "step"
    instance_id: Mapped[str] = mapped_column(ForeignKey("instance.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(Text)
    event: Mapped[str] = mapped_column(Text)
    trace: Mapped[list[Any]]
    at: Mapped[datetime]
    submission_id: Mapped[str | None] = mapped_column(Text)
    actor: Mapped[str | None] = mapped_column(Text)


class StageEntry(Base):
    """The case entered a stage (``jiannuo:stage`` of an element), in order."""

    __tablename__ = "stage_entry"
    __table_args__ = (Index("ix_stage_entry_stage_at", "stage", "at"),)
    instance_id: Mapped[str] = mapped_column(ForeignKey("instance.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    stage: Mapped[str] = mapped_column(Text)
    step: Mapped[int]
    at: Mapped[datetime]


class Incident(Base):
    __tablename__ = "incident"
    instance_id: Mapped[str] = mapped_column(ForeignKey("instance.id"), primary_key=True)
    key: Mapped[int] = mapped_column(primary_key=True)
    token_key: Mapped[int]
    element_id: Mapped[str] = mapped_column(Text)
    rule: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    raised_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
