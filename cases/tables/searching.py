"""What cases are searched by, in one row of its own: a case's own row changes with every step, its words never do."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from cases.tables.base import Base


class CaseText(Base):
    """``text``: case number, title and names of projects, folded, one a line. ``pieces``: what an index finds it by.
    Receipt and region are the case's: the newest are gone through here, where many rows stand on a page.
    """

    __tablename__ = "case_text"
    __table_args__ = (
        Index("ix_case_text_pieces", "pieces", postgresql_using="gin"),
        Index("ix_case_text_received_at", "received_at", "complaint_id"),
        Index("ix_case_text_region_code_received_at", "region_code", "received_at", "complaint_id"),
    )
    id: Mapped[str] = mapped_column("complaint_id", ForeignKey("complaint.id"), primary_key=True)
    region_code: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime]
    text: Mapped[str] = mapped_column(Text)
    pieces: Mapped[str] = mapped_column(TSVECTOR)
