"""What the routes of messages take and answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from cases.message_sending import Said
from cases.queries.messages import CatchRow, MessageRow


class SaidOut(BaseModel):
    """``outcome``: taken, started, under_way, buffered, expired or dropped; of a signal taken, started or unheard."""

    id: str
    outcome: str
    instances: list[str]


class MessageOut(BaseModel):
    """``instance_id`` threw it, or else ``sender`` sent it. Of its variables the names only."""

    id: str
    kind: str
    name: str
    key: str
    status: str
    instance_id: str | None
    case_no: str | None
    sender: str | None
    since: datetime
    until: datetime
    settled_at: datetime | None
    variables: list[str]
    to_instance: str | None = None
    to_case_no: str | None = None
    tried_at: datetime | None = None
    tries: int = 0


class CatchOut(BaseModel):
    kind: str
    name: str
    key: str
    instance_id: str
    catch: int
    case_no: str | None
    element: str
    element_name: str
    since: datetime


class MessagesOut(BaseModel):
    items: list[MessageOut]
    next: str | None


class CatchesOut(BaseModel):
    items: list[CatchOut]
    next: str | None


class DeliveryOut(BaseModel):
    instance_id: str
    status: str
    since: datetime
    tried_at: datetime | None
    tries: int
    settled_at: datetime | None


class MessageDetail(MessageOut):
    """``catches``: who could take it when it is handed over by an operator."""

    deliveries: list[DeliveryOut]
    catches: list[CatchOut]


class FiguresOut(BaseModel):
    """``oldest_s``: of what waits or is on its way; ``expired``: in the last 24 hours."""

    buffered: int
    under_way: int
    oldest_s: float
    expired: int
    overdue: bool


class SendIn(BaseModel):
    name: str
    reason: str = Field(max_length=1_000)
    key: str = ""
    kind: Literal["message", "signal"] = "message"
    message_id: str | None = None
    time_to_live: str | None = None
    variables: dict[str, Any] = Field(default_factory=dict)


class ReasonIn(BaseModel):
    reason: str = Field(max_length=1_000)


class DeliverIn(ReasonIn):
    instance_id: str
    catch: int


def said_out(said: Said) -> SaidOut:
    return SaidOut(id=said.id, outcome=said.outcome, instances=list(said.instances))


def message_fields(row: MessageRow) -> dict[str, Any]:
    return {**vars(row), "variables": list(row.variables)}


def message_out(row: MessageRow) -> MessageOut:
    return MessageOut(**message_fields(row))


def catch_out(row: CatchRow) -> CatchOut:
    return CatchOut(**vars(row))
