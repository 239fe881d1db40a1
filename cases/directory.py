"""Finding units: by function and region, upwards where a level has none."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from cases.tables.organisations import Organisation, Region

CREDIT_LEAD = "credit_lead"
REGION_DRC = "region_drc"
REVIEWER = "reviewer"
DISCIPLINE = "discipline_inspection"
SUPERVISOR = "supervisor"


def accepting(channel: str) -> str:
    return f"accepting:{channel}"


async def lineage(session: AsyncSession, region_code: str) -> list[str]:
    """The region and those above it, nearest first."""
    codes: list[str] = []
    code: str | None = region_code
    while code is not None and code not in codes:
        codes.append(code)
        code = await session.scalar(select(Region.parent_code).where(Region.code == code))
    return codes


async def at_region(session: AsyncSession, function: str, region_code: str) -> Organisation | None:
    return await session.scalar(
        select(Organisation)
        .where(Organisation.region_code == region_code, Organisation.functions.contains([function]))
        .order_by(Organisation.uscc)
        .limit(1)
    )


async def nearest(session: AsyncSession, function: str, region_code: str) -> Organisation | None:
    """The unit with this function in the region, else in the one above, and so on (上级)."""
    for code in await lineage(session, region_code):
        found = await at_region(session, function, code)
        if found is not None:
            return found
    return None


async def above(session: AsyncSession, function: str, unit: Organisation | None) -> Organisation | None:
    """The next unit with this function over ``unit``'s own region, for whom a decision of ``unit`` goes up to."""
    for code in (await lineage(session, unit.region_code))[1:] if unit is not None else ():
        found = await at_region(session, function, code)
        if found is not None:
            return found
    return None


async def league_of(session: AsyncSession, region_code: str) -> str | None:
    """The league or city (盟市) that a region belongs to; None above that level."""
    for code in await lineage(session, region_code):
        region = await session.get(Region, code)
        if region is not None and region.level == "LEAGUE":
            return code
    return None


async def top_of(session: AsyncSession, region_code: str) -> str:
    return (await lineage(session, region_code))[-1]
