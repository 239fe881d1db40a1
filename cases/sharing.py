"""Messages to other platforms as rows: promised in the transaction that makes them true, sent afterwards, kept with
their receipt. ``Push.body`` holds pack, subject, sequence, addressee and content."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, cast, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from cases.errors import Conflict, NotFound
from cases.tables.ledger import Outbox
from cases.tables.records import Escalation
from cases.tables.sharing import DailyReport, Push

OUTBOX = "push"

DRAFT = "draft"
PENDING = "pending"
EXPORTED = "exported"
RECEIVED = "received"
REFUSED = "refused"

TYPICAL_CASE = "typical_case"


@dataclass(frozen=True)
class Promise:
    """``target`` as the policy names it; messages of one ``subject`` to one target and addressee arrive in order.

    ``within_s``: after so many seconds without a receipt people are told; ``clock_offset_s`` as in the case's start.
    """

    key: str
    pack: str
    target: str
    kind: str
    subject: str
    content: Mapping[str, Any]
    created_at: datetime
    within_s: int
    to: str | None = None
    complaint_id: str | None = None
    clock_offset_s: float = 0.0
    draft: bool = False


async def promise(session: AsyncSession, given: Promise) -> bool:
    """False when it was promised before. The lock gives messages of one subject their numbers one after the other."""
    subject = f"{given.subject}/{given.target}/{given.to or ''}"
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(subject, 0))))
    if await session.get(Push, given.key) is not None:
        return False
    number = cast(Push.body["sequence"].astext, Integer)
    last = await session.scalar(select(func.max(number)).where(Push.body["subject"].astext == subject))
    body = {
        "pack": given.pack, "subject": subject, "sequence": (last or 0) + 1, "to": given.to,
        "within_s": given.within_s, "clock_offset_s": given.clock_offset_s, "content": dict(given.content),
    }  # fmt: skip
    session.add(
        Push(
            idempotency_key=given.key, platform=given.target, kind=given.kind, complaint_id=given.complaint_id,
            body=body, status=DRAFT if given.draft else PENDING, created_at=given.created_at, attempts=0,
        )
    )  # fmt: skip
    if not given.draft:
        session.add(_order(given.key, body, given.created_at))
    await session.flush()
    return True


def _order(key: str, body: Mapping[str, Any], at: datetime) -> Outbox:
    payload = {"within_s": body["within_s"], "clock_offset_s": body["clock_offset_s"]}
    return Outbox(kind=OUTBOX, ref=key, payload=payload, created_at=at, attempts=0)


async def release(session: AsyncSession, key: str, at: datetime) -> None:
    """A person sends a draft. Raises NotFound, Conflict."""
    row = await _locked(session, key)
    if row.status != DRAFT:
        raise Conflict("这份报告已经送出，不能再次发送。")
    row.status = PENDING
    session.add(_order(key, row.body, at))


async def confirm_export(session: AsyncSession, key: str, receipt: str, at: datetime) -> None:
    """A person carried the exported file over and enters the platform's receipt. Raises NotFound, Conflict."""
    row = await _locked(session, key)
    if row.status != EXPORTED:
        raise Conflict("这条信息不是等待人工报送的文件，不能登记回执。")
    await settle(session, row, RECEIVED, receipt, at)


async def waits_for_earlier(session: AsyncSession, row: Push) -> bool:
    """Whether an earlier message of the same subject is still on its way: a platform must never see an older state of
    a case after a newer one."""
    number = cast(Push.body["sequence"].astext, Integer)
    earlier = select(func.count()).where(
        Push.body["subject"].astext == str(row.body["subject"]),
        Push.status == PENDING,
        number < int(row.body["sequence"]),
    )
    return bool(await session.scalar(earlier))


async def note_attempt(session: AsyncSession, row: Push, at: datetime) -> None:
    row.attempts += 1
    report = await _report(session, row)
    if report is not None and report.sent_at is None:
        report.sent_at = at


async def settle(session: AsyncSession, row: Push, status: str, receipt: str | None, at: datetime) -> None:
    """What the platform answered, on the message and on what it is the receipt of."""
    row.status, row.receipt, row.last_error = status, receipt, None
    if status != RECEIVED:
        return
    row.received_at = at
    report = await _report(session, row)
    if report is not None:
        report.received_at, report.receipt = at, receipt
    if row.kind == TYPICAL_CASE and row.complaint_id is not None:
        escalation = await session.get(Escalation, row.complaint_id)
        if escalation is not None:
            escalation.receipt = receipt


def report_key(kind: str, pack: str, day: str) -> str:
    return f"report:{kind}:{pack}:{day}"


async def _report(session: AsyncSession, row: Push) -> DailyReport | None:
    """The daily report that this message carries, if it carries one."""
    kind = {"intake_report": "intake", "national_report": "national"}.get(row.kind)
    if kind is None:
        return None
    day = datetime.fromisoformat(str(row.body["content"]["day"])).date()
    return await session.scalar(
        select(DailyReport).where(
            DailyReport.kind == kind, DailyReport.pack == str(row.body["pack"]), DailyReport.day == day
        )
    )


async def _locked(session: AsyncSession, key: str) -> Push:
    row = await session.get(Push, key, with_for_update=True)
    if row is None:
        raise NotFound("没有这条报送信息。")
    return row
