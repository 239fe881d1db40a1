"""The complaint: what was said. Who said it lies in the vault (``Party``), encrypted."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index, Numeric, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from cases.tables.base import Base


class Complaint(Base):
    """``id`` is the business key of its process instance; amounts in CNY.

    ``status`` is the final status or ``open``; ``stage`` the stage entered last. Unit columns hold USCCs.
    ``joint_no`` is the number under which complaints about several respondents were filed together, one case each.
    ``confidential_of`` is the case in which retaliation was reported; ``barred`` the units that never see this one.
    """

    __tablename__ = "complaint"
    __table_args__ = (
        UniqueConstraint("channel", "external_ref"),
        Index("ix_complaint_received_at_id", "received_at", "id"),
        # A list of one unit or region is read newest first and ends after a page.
        *(
            Index(f"ix_complaint_{column}_received_at", column, "received_at", "id")
            for column in ("accepting_uscc", "referring_uscc", "verifying_uscc", "respondent_uscc", "region_code")
        ),
        Index("ix_complaint_duplicate_key", "complainant_digest", "respondent_uscc", "contract_no"),
    )
    id: Mapped[str] = mapped_column(Text, primary_key=True)
    case_no: Mapped[str] = mapped_column(Text, unique=True)
    pack: Mapped[str] = mapped_column(Text)
    channel: Mapped[str] = mapped_column(Text)
    external_ref: Mapped[str | None] = mapped_column(Text)
    source_portal: Mapped[str | None] = mapped_column(Text)
    received_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    late_reason: Mapped[str | None] = mapped_column(Text)
    access_code_hash: Mapped[str | None] = mapped_column(Text)
    complainant_digest: Mapped[str] = mapped_column(Text)
    complainant_alias: Mapped[str] = mapped_column(Text)
    enterprise_type: Mapped[str] = mapped_column(Text)
    is_sme: Mapped[bool]
    respondent_uscc: Mapped[str] = mapped_column(ForeignKey("organisation.uscc"))
    superior_uscc: Mapped[str | None] = mapped_column(ForeignKey("organisation.uscc"))
    domain: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    statement: Mapped[str] = mapped_column(Text)
    request: Mapped[str] = mapped_column(Text)
    contract_no: Mapped[str | None] = mapped_column(Text, index=True)
    project_name: Mapped[str | None] = mapped_column(Text)
    signed_on: Mapped[date | None]
    amount_cny: Mapped[Decimal | None] = mapped_column(Numeric(18, 2))
    disputed_amount_cny: Mapped[Decimal | None] = mapped_column(Numeric(18, 2))
    payment_due_on: Mapped[date | None]
    performance_status: Mapped[str | None] = mapped_column(Text)
    disclosure_authorised: Mapped[bool] = mapped_column(default=False)
    classification: Mapped[str] = mapped_column(Text, default="无")
    stage: Mapped[str] = mapped_column(Text, default="received", index=True)
    status: Mapped[str] = mapped_column(Text, default="open", index=True)
    scope: Mapped[str | None] = mapped_column(Text)
    referrer: Mapped[dict[str, Any] | None]
    accepting_uscc: Mapped[str | None] = mapped_column(Text)
    referring_uscc: Mapped[str | None] = mapped_column(Text)
    verifying_uscc: Mapped[str | None] = mapped_column(Text)
    joint_no: Mapped[str | None] = mapped_column(Text, index=True)
    confidential_of: Mapped[str | None] = mapped_column(ForeignKey("complaint.id"), index=True)
    barred: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list, server_default="{}")
    merged_into: Mapped[str | None] = mapped_column(ForeignKey("complaint.id"))
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    satisfaction: Mapped[str | None] = mapped_column(Text)
    archived: Mapped[bool] = mapped_column(default=False)


class FurtherContract(Base):
    """A complaint about one unit may rest on several contracts: the first stands in the complaint, the others here."""

    __tablename__ = "further_contract"
    complaint_id: Mapped[str] = mapped_column(ForeignKey("complaint.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    contract_no: Mapped[str | None] = mapped_column(Text, index=True)
    project_name: Mapped[str | None] = mapped_column(Text)
    signed_on: Mapped[date | None]
    amount_cny: Mapped[Decimal | None] = mapped_column(Numeric(18, 2))
    disputed_amount_cny: Mapped[Decimal | None] = mapped_column(Numeric(18, 2))
    payment_due_on: Mapped[date | None]


class Party(Base):
    """The identity vault: the complainant's data, encrypted with the vault key; every reading is in the audit log."""

    __tablename__ = "party"
    complaint_id: Mapped[str] = mapped_column(ForeignKey("complaint.id"), primary_key=True)
    sealed: Mapped[bytes]


class Document(Base):
    """Evidence and other papers; ``purpose``: evidence, rectification, extension, letter …"""

    __tablename__ = "document"
    id: Mapped[str] = mapped_column(Text, primary_key=True)
    complaint_id: Mapped[str] = mapped_column(ForeignKey("complaint.id"), index=True)
    purpose: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    media_type: Mapped[str | None] = mapped_column(Text)
    content: Mapped[bytes | None]
    sha256: Mapped[str | None] = mapped_column(Text)
    added_at: Mapped[datetime]
    added_by: Mapped[str] = mapped_column(Text)


class CaseNumber(Base):
    """The last number given out per pack and year."""

    __tablename__ = "case_number"
    prefix: Mapped[str] = mapped_column(Text, primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]


class CaseNote(Base):
    """Calls (通话记录) and leaders' instructions (领导批示) on the case; ``kind``: call, instruction, note.

    With ``task_instance`` and ``task_key`` it is a note on that task. Never shown to the complainant or the respondent.
    """

    __tablename__ = "case_note"
    id: Mapped[str] = mapped_column(Text, primary_key=True)
    complaint_id: Mapped[str] = mapped_column(ForeignKey("complaint.id"), index=True)
    task_instance: Mapped[str | None] = mapped_column(Text)
    task_key: Mapped[int | None]
    kind: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    occurred_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    author: Mapped[str] = mapped_column(Text)
