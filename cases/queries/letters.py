"""Letters of a case that an actor may read."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from cases.access import Actor
from cases.errors import Forbidden, NotFound
from cases.queries.case_view import CaseView
from cases.relations import Part
from cases.tables.letters import Letter


async def letter_of(session: AsyncSession, view: CaseView, letter_id: str) -> Letter:
    """A letter of a case, for who sees that letter in the case's list. Raises NotFound."""
    if letter_id not in [letter.id for letter in view.letters]:
        raise NotFound("没有找到这份文书，或者您无权查看。")
    letter = await session.get(Letter, letter_id)
    if letter is None:
        raise NotFound("没有找到这份文书，或者您无权查看。")
    return letter


# Letters to these name the complainant; in every other it is replaced (docs/letters.md).
NAMING = frozenset({"complainant", "accepting_dept", "referring_dept", "verifying_dept"})
ISSUING = frozenset({"head", "legal_reviewer", "reviewer"})


def require_name(actor: Actor, view: CaseView, letter: Letter) -> None:
    """Who may not know the complainant does not learn of it from a sheet, unless the own unit issues that letter.

    Raises Forbidden.
    """
    if Part.IDENTITY in view.parts or Part.OWN_LETTERS in view.parts or letter.addressee not in NAMING:
        return
    if not any(duty.uscc == letter.issuer_uscc and duty.role in ISSUING for duty in actor.duties):
        raise Forbidden("这份文书载有投诉人的身份信息，仅供本案承办人员和发文单位查阅。")


async def pdf_of(session: AsyncSession, letter: Letter) -> bytes | None:
    found: bytes | None = await session.scalar(select(Letter.pdf).where(Letter.id == letter.id))
    return found
