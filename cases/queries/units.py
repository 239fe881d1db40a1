"""Units for choosing: by region tree, or by code."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from cases.access import covered
from cases.directory import lineage
from cases.tables.organisations import Organisation, Region

LIMIT = 400
FOUND = 100


async def names_of(session: AsyncSession, codes: Collection[str]) -> dict[str, str]:
    rows = await session.execute(
        select(Organisation.uscc, Organisation.name)
        .where(Organisation.uscc.in_(sorted(codes)))
        .order_by(Organisation.uscc)
    )
    return {row.uscc: row.name for row in rows}


async def near(session: AsyncSession, region_code: str) -> list[Organisation]:
    """Units of a region, below it and above it: those to whom a lead of that region may be referred."""
    codes = {*await lineage(session, region_code), *await covered(session, [region_code])}
    rows = await session.scalars(
        select(Organisation).where(Organisation.region_code.in_(codes)).order_by(Organisation.name).limit(LIMIT)
    )
    return list(rows)


async def respondents(session: AsyncSession) -> list[tuple[Organisation, str]]:
    """Units that can be complained about, with the name of their region."""
    rows = await session.execute(
        select(Organisation, Region.name)
        .join(Region, Region.code == Organisation.region_code)
        .order_by(Organisation.region_code, Organisation.name)
        .limit(LIMIT * 10)
    )
    return [(unit, region) for unit, region in rows]


async def find_unit(session: AsyncSession, text: str) -> Organisation | None:
    """By code, or by its full name when only one unit bears it."""
    found = await session.get(Organisation, text.strip().upper())
    if found is not None:
        return found
    named = (await session.scalars(select(Organisation).where(Organisation.name == text.strip()).limit(2))).all()
    return named[0] if len(named) == 1 else None


async def search_units(session: AsyncSession, text: str, within: Collection[str] | None = None) -> list[Organisation]:
    """By a part of the name or the whole code, at most ``FOUND``; ``within``: only these units."""
    query = select(Organisation).order_by(Organisation.name).limit(FOUND)
    if text.strip():
        named = Organisation.name.icontains(text.strip(), autoescape=True)
        query = query.where(or_(Organisation.uscc == text.strip().upper(), named))
    if within is not None:
        query = query.where(Organisation.uscc.in_(sorted(within)))
    return list(await session.scalars(query))
