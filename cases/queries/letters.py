"""Letters of a case that an actor may read."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from cases.errors import NotFound
from cases.queries.case_view import CaseView
from cases.tables.letters import Letter


async def letter_of(session: AsyncSession, view: CaseView, letter_id: str) -> Letter:
    """A letter of a case, for who sees that letter in the case's list. Raises NotFound."""
    if letter_id not in [letter.id for letter in view.letters]:
        raise NotFound("没有找到这份文书，或者您无权查看。")
    letter = await session.get(Letter, letter_id)
    if letter is None:
        raise NotFound("没有找到这份文书，或者您无权查看。")
    return letter


async def pdf_of(session: AsyncSession, letter: Letter) -> bytes | None:
    found: bytes | None = await session.scalar(select(Letter.pdf).where(Letter.id == letter.id))
    return found
