"""Numbers given out once, in order, without gaps for what was committed."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

_NEXT_CASE = text(
    "INSERT INTO case_number(prefix, year, last) VALUES (:prefix, :year, 1) "
    "ON CONFLICT (prefix, year) DO UPDATE SET last = case_number.last + 1 RETURNING last"
)
_NEXT_LETTER = text(
    "INSERT INTO letter_number(issuer, year, last) VALUES (:issuer, :year, 1) "
    "ON CONFLICT (issuer, year) DO UPDATE SET last = letter_number.last + 1 RETURNING last"
)
ORDERS = "DB"
PREFIXES = {"nmg-2021": "NMG", "nmg-2023": "NMG", "eqianqi-2024": "EQ", "bozhou-2018": "BZ", "erqi-2020": "EQZ"}


async def next_case_no(session: AsyncSession, pack: str, year: int) -> str:
    """NMG-2026-000101. The row lock orders concurrent intakes until their transaction ends."""
    prefix = PREFIXES.get(pack, pack.upper())
    last = await session.scalar(_NEXT_CASE, {"prefix": prefix, "year": year})
    return f"{prefix}-{year}-{last:06d}"


async def next_order_no(session: AsyncSession, year: int) -> str:
    """DB-2026-000012: the number of a supervision order (督办件) in the ledger of orders; its letter has its own."""
    last = await session.scalar(_NEXT_CASE, {"prefix": ORDERS, "year": year})
    return f"{ORDERS}-{year}-{last:06d}"


async def next_letter_no(session: AsyncSession, issuer: str, year: int) -> int:
    value = await session.scalar(_NEXT_LETTER, {"issuer": issuer, "year": year})
    return int(value)
