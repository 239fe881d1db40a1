"""The daily reports (S2§4): the accepting systems' update before 16:00, the national report before 18:00."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from cases.policy.loader import load
from cases.policy.pack import PolicyPack
from cases.reports_lines import Line, changed, lines
from cases.reports_totals import totals
from cases.reports_window import INTAKE, NATIONAL, Window, last_send
from cases.sharing import Promise, promise, report_key
from cases.sharing_platforms import Platform, platform_for
from cases.tables.sharing import DailyReport

# Report → (target of the platform files, kind of message).
MESSAGES: Mapping[str, tuple[str, str]] = {INTAKE: (INTAKE, "intake_report"), NATIONAL: (NATIONAL, "national_report")}


@dataclass(frozen=True)
class Composed:
    """``key`` names the message that carries the report; None where no nil report is owed."""

    window: Window
    items: int
    key: str | None


async def compose(
    session: AsyncSession, kind: str, pack_name: str, as_at: datetime, clock_offset_s: float
) -> Composed:
    """Written once per kind, pack and day; a second time it answers with what was written."""
    pack = load(pack_name)
    period = last_send(pack, kind, as_at)
    target, message = MESSAGES[kind]
    cases = await changed(session, pack_name, period.told_since, period.until)
    found = await lines(session, cases, period.until)
    written = await session.execute(
        insert(DailyReport)
        .values(
            kind=kind, pack=pack_name, day=period.day, items=len(found),
            missing=incomplete(found, platform_for(pack, target)),
        )
        .on_conflict_do_nothing()
        .returning(DailyReport.id)
    )  # fmt: skip
    key = report_key(kind, pack_name, period.day.isoformat())
    if written.first() is None:
        row = await report_of(session, kind, pack_name, period)
        return Composed(period, row.items if row else 0, key if _owed(pack, row.items if row else 0) else None)
    if not _owed(pack, len(found)):
        return Composed(period, 0, None)
    content = {
        "day": period.day.isoformat(),
        "as_at": period.until.isoformat(),
        "count": len(found),
        "items": found,
        "totals": await totals(session, pack_name, period),
    }
    await promise(
        session,
        Promise(
            key=key, pack=pack_name, target=target, kind=message, subject=f"{kind}:{pack_name}", content=content,
            created_at=period.until, within_s=_patience(pack, kind, period), clock_offset_s=clock_offset_s,
        ),
    )  # fmt: skip
    return Composed(period, len(found), key)


async def report_of(session: AsyncSession, kind: str, pack: str, period: Window) -> DailyReport | None:
    return await session.scalar(
        select(DailyReport).where(DailyReport.kind == kind, DailyReport.pack == pack, DailyReport.day == period.day)
    )


async def lacks_receipt(session: AsyncSession, kind: str, pack_name: str, as_at: datetime) -> tuple[Window, str] | None:
    """The day's report if it is owed and has no receipt: with "unsent" or "unanswered"."""
    pack = load(pack_name)
    period = last_send(pack, kind, as_at)
    row = await report_of(session, kind, pack_name, period)
    if row is None:
        return period, "unsent"
    if row.received_at is not None or not _owed(pack, row.items):
        return None
    return period, "unanswered"


def incomplete(found: list[Line], platform: Platform) -> list[dict[str, Any]]:
    """Which facts a line lacks that its platform needs: {case_no, unit, fields}."""
    result = []
    for line in found:
        needed = [*platform.required]
        for stage, names in platform.required_after.items():
            needed += names if stage in line["past_stages"] else ()
        absent = [name for name in needed if name not in line["withheld"] and line.get(name) in (None, "", [])]
        if absent:
            result.append({"case_no": line["case_no"], "unit": line["accepting_unit"], "fields": absent})
    return result


async def missing_now(session: AsyncSession, pack_name: str, as_at: datetime) -> tuple[Window, list[dict[str, Any]]]:
    """Cases changed since the last intake report whose data is not complete."""
    pack = load(pack_name)
    last = last_send(pack, INTAKE, as_at)
    cases = await changed(session, pack_name, last.until, as_at)
    found = await lines(session, cases, as_at)
    return last, incomplete(found, platform_for(pack, INTAKE))


def _owed(pack: PolicyPack, items: int) -> bool:
    return items > 0 or pack.sharing.nil_reports.value


def _patience(pack: PolicyPack, kind: str, period: Window) -> int:
    """Seconds from sending to the hour before which the receipt must lie."""
    share = pack.sharing.national if kind == NATIONAL else pack.sharing.intake
    sent, wanted = share.send_at.value, share.receipt_before.value
    return (wanted.hour - sent.hour) * 3600 + (wanted.minute - sent.minute) * 60
