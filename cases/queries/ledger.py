"""台账 and search: the cases that an actor may see, newest first, filtered, paged by key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from cases.access import Actor
from cases.queries.ledger_filter import LedgerFilter, asked_for
from cases.queries.light import NONE, Lights
from cases.queries.newest import newest
from cases.queries.pages import Page, cursor, goes_back, page_of
from cases.tables.complaints import Complaint
from cases.tables.organisations import Organisation, Region
from cases.tables.positions import CasePosition
from cases.vault import Vault


@dataclass(frozen=True)
class LedgerRow:
    """``waits_unit`` is the name of the unit whose task has waited longest."""

    complaint: Complaint
    respondent: str
    region: str
    verifying: str | None
    light: str
    days_left: int | None
    standing: CasePosition | None
    waits_unit: str | None

    @property
    def due(self) -> date | None:
        return self.standing.due if self.standing else None

    @property
    def provisional(self) -> bool:
        return self.standing is not None and self.standing.provisional


async def ledger(
    session: AsyncSession, vault: Vault, actor: Actor, lights: Lights, wanted: LedgerFilter
) -> Page[LedgerRow]:
    verifying, waited_for = Organisation.__table__.alias("verifying"), Organisation.__table__.alias("waited_for")
    ids = await newest(session, await asked_for(session, vault, actor, lights, wanted), wanted.size + 1)
    up = goes_back(wanted.after)
    query = (
        select(Complaint, Organisation.name, Region.name, verifying.c.name, CasePosition, waited_for.c.name)
        .join(Organisation, Organisation.uscc == Complaint.respondent_uscc)
        .join(Region, Region.code == Complaint.region_code)
        .outerjoin(CasePosition, CasePosition.id == Complaint.id)
        .outerjoin(verifying, verifying.c.uscc == Complaint.verifying_uscc)
        .outerjoin(waited_for, waited_for.c.uscc == CasePosition.waits_unit)
        .where(Complaint.id.in_(ids))
        .order_by(*(c.asc() if up else c.desc() for c in (Complaint.received_at, Complaint.id)))
    )
    rows = [_row(lights, *row) for row in await session.execute(query)]
    return page_of(
        rows, wanted.size, wanted.after, lambda row: cursor(row.complaint.received_at, row.complaint.id)
    )


def _row(
    lights: Lights, complaint: Complaint, respondent: str, region: str, verifying: str | None,
    standing: CasePosition | None, waits_unit: str | None,
) -> LedgerRow:  # fmt: skip
    light = lights.of(standing.due_at, standing.start_at) if standing else NONE
    days_left = lights.left(standing.due) if standing else None
    return LedgerRow(complaint, respondent, region, verifying, light, days_left, standing, waits_unit)
