"""Shapes of the JSON API. Times carry their zone; amounts are CNY as decimal text."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, Field


class SignIn(BaseModel):
    login: str = Field(max_length=200)
    password: str = Field(max_length=256)


class FollowIn(BaseModel):
    case_no: str = Field(max_length=40)
    access_code: str = Field(max_length=40)


class Token(BaseModel):
    token: str
    token_type: str = "bearer"


class DutyOut(BaseModel):
    role: str
    uscc: str
    region_code: str


class Me(BaseModel):
    login: str
    name: str
    duties: list[DutyOut]
    unread: int


class FurtherIn(BaseModel):
    """A further respondent (a case of its own), or a further contract of one that is named already."""

    respondent: str
    contract_no: str = ""
    project_name: str = ""
    signed_on: date | None = None
    amount_cny: Decimal | None = None
    disputed_amount_cny: Decimal | None = None
    payment_due_on: date | None = None
    statement: str = Field("", description="与该单位有关的事实；该单位只能看到这一部分")


class ComplaintIn(BaseModel):
    """The fields of the public form; names and rules are the same. ``form_token`` makes sending twice one case."""

    form_token: str = Field(min_length=16, max_length=64)
    complainant_name: str
    complainant_uscc: str
    enterprise_type: str
    is_sme: bool = False
    contact_role: str = ""
    contact_phone: str = ""
    contact_email: str = ""
    consent: bool = False
    respondent: str = Field(description="被投诉主体的统一社会信用代码或全称")
    domain: str
    title: str
    statement: str
    request: str
    contract_no: str = ""
    project_name: str = ""
    signed_on: date | None = None
    amount_cny: Decimal | None = None
    disputed_amount_cny: Decimal | None = None
    payment_due_on: date | None = None
    performance_status: str = ""
    disclosure_authorised: bool = False
    classification: str = "无"
    truthful: bool
    source_portal: str = ""
    further: list[FurtherIn] = Field(default=[], max_length=5, description="其他被投诉主体或合同")


class RegistrationIn(ComplaintIn):
    """登记 by staff of what came by telephone, visit or paper."""

    channel: str
    received_at: datetime | None = None
    late_reason: str = ""
    external_ref: str = ""
    truthful: bool = True


class ReceiptOut(BaseModel):
    """``access_code`` is told once; null when the same form was sent before."""

    case_id: str
    case_no: str
    access_code: str | None
    known: bool


class DeadlineOut(BaseModel):
    """A clock that stands still (``paused``) has neither ``due`` nor ``due_at``; its derivation says what is left."""

    key: int
    name: str
    title: str
    status: str
    due: date | None
    due_at: datetime | None
    provisional: bool
    limit: str | None
    basis: str | None
    source: str | None
    calendar_version: str | None
    derivation: list[dict[str, Any]]
    changes: list[dict[str, Any]]


class TaskOut(BaseModel):
    """``order_id``: the supervision order that the task belongs to; then ``?order=`` goes into its address.
    ``on_behalf_of``: the colleague whom the reader stands in for. ``priority``: 50 is ordinary, more is urgent.
    """

    case_id: str
    case_no: str
    order_id: str | None = None
    key: int
    name: str
    acts: list[str]
    form_id: str | None
    unit: str | None
    stage: str
    light: str
    due: date | None
    due_at: datetime | None
    provisional: bool
    working_days_left: int | None
    assignee: str | None
    on_behalf_of: str | None = None
    priority: int
    row_version: int


class TaskPage(BaseModel):
    items: list[TaskOut]
    next: str | None


class CaseRow(BaseModel):
    case_id: str
    case_no: str
    title: str
    channel: str
    domain: str
    stage: str
    status: str
    respondent: str
    respondent_uscc: str
    region_code: str
    received_at: datetime
    due: date | None
    light: str
    provisional: bool


class CasePage(BaseModel):
    items: list[CaseRow]
    next: str | None


class OpenAct(BaseModel):
    key: int
    name: str
    acts: list[str]
    form_id: str | None


class LetterOut(BaseModel):
    id: str
    kind: str
    number: str | None
    status: str
    issued_at: datetime | None
    served_at: datetime | None


class DocumentOut(BaseModel):
    id: str
    name: str
    purpose: str
    sha256: str | None
    added_at: datetime


class CaseOut(BaseModel):
    case_id: str
    case_no: str
    pack: str
    channel: str
    domain: str
    stage: str
    status: str
    complainant_alias: str
    respondent_uscc: str
    accepting_uscc: str | None
    referring_uscc: str | None
    verifying_uscc: str | None
    region_code: str
    received_at: datetime
    title: str
    statement: str
    request: str
    contract_no: str | None
    project_name: str | None
    amount_cny: Decimal | None
    disputed_amount_cny: Decimal | None
    stages: list[dict[str, Any]]
    deadlines: list[DeadlineOut]
    tasks: list[TaskOut]
    open_acts: list[OpenAct]
    letters: list[LetterOut]
    documents: list[DocumentOut]
    record: dict[str, Any] | None
    measures: list[dict[str, Any]]


class ActIn(BaseModel):
    """``submission_id`` (yours, random) makes sending twice one act. ``occurred_at`` empty means now."""

    act: str
    form: dict[str, Any] = {}
    occurred_at: datetime | None = None
    late_reason: str | None = None
    submission_id: str | None = Field(default=None, min_length=16, max_length=64)


class ActOut(BaseModel):
    """``status``: done, or pending (202): ask ``/submissions/{submission_id}``."""

    submission_id: str
    case_id: str
    status: str
    sentence: str | None = None


class VersionIn(BaseModel):
    row_version: int


class TransferIn(VersionIn):
    to: str
    reason: str


class NoteIn(BaseModel):
    kind: str
    body: str
    occurred_at: datetime | None = None


class ReasonIn(BaseModel):
    reason: str


class IdentityOut(BaseModel):
    name: str
    uscc: str
    contact_role: str
    contact_phone: str
    contact_email: str
    consent: bool
