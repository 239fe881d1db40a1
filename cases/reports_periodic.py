"""Quarterly, half-year and annual reports: a draft with the indicators, which a person releases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from cases.deadlines.zone import day_of
from cases.errors import NotFound
from cases.policy.loader import load
from cases.policy.reports import Report
from cases.reports_indicators import Figures, figures
from cases.sharing import Promise, promise, report_key

TARGET = "periodic_report"
# Last month of a period → its first.
FIRST_MONTHS = {
    "quarter": {3: 1, 6: 4, 9: 7, 12: 10},
    "first_half": {6: 1},
    "year": {12: 1},
}


@dataclass(frozen=True)
class Period:
    first: date
    last: date


@dataclass(frozen=True)
class Drafted:
    key: str
    last_day: date
    items: int


def months_of_preparation(report: Report) -> tuple[int, ...]:
    """Months on whose first day the draft is prepared: the one after each period ends."""
    return tuple(last % 12 + 1 for last in FIRST_MONTHS[report.period.value])


def ended_before(report: Report, day: date) -> Period:
    """The report's period that ended last before ``day``."""
    ends = [
        Period(date(year, first, 1), _month_end(year, last))
        for year in (day.year - 1, day.year)
        for last, first in FIRST_MONTHS[report.period.value].items()
    ]
    return max((period for period in ends if period.last < day), key=lambda period: period.last)


def _month_end(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


async def draft(session: AsyncSession, name: str, pack_name: str, as_at: datetime) -> Drafted:
    """Once per report and period. Raises NotFound for a report that the pack does not owe."""
    pack = load(pack_name)
    report = pack.reports.get(name)
    if report is None:
        raise NotFound(f"政策包{pack_name}没有报告“{name}”。现有：{'、'.join(pack.reports)}。")
    period = ended_before(report, day_of(as_at))
    found = await figures(session, pack_name, period.first, period.last)
    key = report_key(name, pack_name, period.last.isoformat())
    content = {
        "report": name,
        "heading": report.title,
        "first_day": period.first.isoformat(),
        "last_day": period.last.isoformat(),
        "owed_by": list(report.owed_by.value),
        "items": [_item(entry) for entry in found],
    }
    await promise(
        session,
        Promise(
            key=key, pack=pack_name, target=TARGET, kind=TARGET, subject=f"{name}:{pack_name}", content=content,
            created_at=as_at, within_s=3600, draft=True,
        ),
    )  # fmt: skip
    return Drafted(key, period.last, len(found))


def _item(entry: Figures) -> dict[str, Any]:
    return {
        "region_code": entry.region_code,
        "region_name": entry.region_name,
        "determinations": entry.determinations,
        "due_cases": entry.due_cases,
        "concluded_cases": entry.concluded_cases,
        "closure_rate": entry.closure_rate,
        "answered": entry.answered,
        "satisfied": entry.satisfied,
        "satisfaction_rate": entry.satisfaction_rate,
        **entry.apart,
    }
