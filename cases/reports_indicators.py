"""The indicators of the quarterly monitoring and the annual assessment (S2§7): 认定数量, 办结率, 满意率."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from cases.deadlines.zone import at as instant_of
from cases.deadlines.zone import end_of
from cases.directory import league_of, top_of
from cases.intake import instance_id_of
from cases.tables.clocks import Deadline
from cases.tables.complaints import Complaint
from cases.tables.engine import StageEntry
from cases.tables.organisations import Region
from cases.tables.records import Determination
from cases.tables.worklist import Submission

# 投诉办结 and 履约 are two states: these clocks run after the complaint itself is concluded.
AFTERWARDS = frozenset(
    {"report", "record", "performance", "review_request", "review", "appeal_request", "appeal", "objection",
     "performance_confirmation", "repair", "measure_end", "survey", "supervision_reply", "risk_watch", "risk_again",
     "suspension_check"}
)  # fmt: skip
# Statuses that are shown apart and count in no rate.
APART = {"merged": "merged", "closed_out_of_scope": "out_of_scope", "closed_withdrawn": "withdrawn"}
CONCLUDED = "closed"
SATISFIED = "satisfied"
RATE = "rate"


@dataclass
class Figures:
    """Of one league, or of the region's own organs. Rates in per cent with one decimal, None without a base."""

    region_code: str
    region_name: str
    determinations: int = 0
    due_cases: int = 0
    concluded_cases: int = 0
    answered: int = 0
    satisfied: int = 0
    apart: dict[str, int] = field(default_factory=lambda: dict.fromkeys(APART.values(), 0))

    @property
    def closure_rate(self) -> str | None:
        return _per_cent(self.concluded_cases, self.due_cases)

    @property
    def satisfaction_rate(self) -> str | None:
        return _per_cent(self.satisfied, self.answered)


def _per_cent(part: int, whole: int) -> str | None:
    if whole == 0:
        return None
    return str((Decimal(part * 100) / Decimal(whole)).quantize(Decimal("0.1"), ROUND_HALF_UP))


async def figures(session: AsyncSession, pack: str, first: date, last: date) -> list[Figures]:
    """By league and, beside them, the region's own organs; first and last day of the period included."""
    begins, ends = instant_of(first, datetime.min.time()), end_of(last)
    cases = {
        case.id: case
        for case in await session.scalars(
            select(Complaint)
            .where(Complaint.pack == pack, Complaint.recorded_at < ends, Complaint.confidential_of.is_(None))
            .order_by(Complaint.case_no)
        )
    }
    homes = await _homes(session, cases.values())
    found: dict[str, Figures] = {}

    def of(case_id: str) -> Figures:
        code, name = homes[cases[case_id].region_code]
        return found.setdefault(code, Figures(code, name))

    determined = {
        row.complaint_id: row
        for row in await session.scalars(select(Determination).where(Determination.complaint_id.in_(cases)))
        if row.determined_at < ends
    }
    for case_id, row in determined.items():
        revoked = row.revoked_at is not None and row.revoked_at < ends
        of(case_id).determinations += row.determined_at >= begins and not revoked
    concluded = await _concluded(session, cases, determined, ends)
    for case_id, due in (await _last_limits(session, cases)).items():
        if not begins < due <= ends:
            continue
        apart = APART.get(cases[case_id].status)
        if apart is not None:
            of(case_id).apart[apart] += 1
            continue
        of(case_id).due_cases += 1
        of(case_id).concluded_cases += case_id in concluded
    for case_id, answer in (await _ratings(session, cases, begins, ends)).items():
        of(case_id).answered += 1
        of(case_id).satisfied += answer == SATISFIED
    return [found[code] for code in sorted(found)]


async def _homes(session: AsyncSession, cases: Iterable[Complaint]) -> dict[str, tuple[str, str]]:
    homes = {}
    for code in sorted({case.region_code for case in cases}):
        home = await league_of(session, code) or await top_of(session, code)
        region = await session.get(Region, home)
        homes[code] = (home, region.name if region else home)
    return homes


async def _last_limits(session: AsyncSession, cases: Iterable[str]) -> dict[str, datetime]:
    """The end of the case's last limit, of those that lead to its conclusion."""
    rows = await session.execute(
        select(Deadline.instance_id, func.max(Deadline.due_at))
        .where(
            Deadline.instance_id.in_([instance_id_of(id_) for id_ in cases]),
            Deadline.status.in_(("running", "paused", "met")),
            Deadline.name.not_in(AFTERWARDS),
            Deadline.due_at.is_not(None),
        )
        .group_by(Deadline.instance_id)
    )
    prefix = len(instance_id_of(""))
    return {instance_id[prefix:]: due for instance_id, due in rows if due is not None}


async def _concluded(
    session: AsyncSession, cases: Iterable[str], determined: dict[str, Determination], ends: datetime
) -> set[str]:
    """办结: determined, or closed, before the period ended."""
    rows = await session.scalars(
        select(StageEntry.instance_id).where(
            StageEntry.instance_id.in_([instance_id_of(id_) for id_ in cases]),
            StageEntry.stage == CONCLUDED,
            StageEntry.at < ends,
        )
    )
    prefix = len(instance_id_of(""))
    return {instance_id[prefix:] for instance_id in rows} | set(determined)


async def _ratings(
    session: AsyncSession, cases: Iterable[str], begins: datetime, ends: datetime
) -> dict[str, str]:
    """The last answer of each case within the period."""
    rows = await session.scalars(
        select(Submission)
        .where(
            Submission.instance_id.in_([instance_id_of(id_) for id_ in cases]),
            Submission.act == RATE,
            Submission.status == "done",
            Submission.occurred_at >= begins,
            Submission.occurred_at < ends,
        )
        .order_by(Submission.occurred_at)
    )
    found: defaultdict[str, str] = defaultdict(str)
    prefix = len(instance_id_of(""))
    for row in rows:
        found[row.instance_id[prefix:]] = str(row.form.get("satisfaction") or "")
    return {case_id: answer for case_id, answer in found.items() if answer}
