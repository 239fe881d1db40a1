"""回避: nobody handles a case against the unit that they belong to, or a case that they declared or were told to leave.

Being the respondent's own liaison is a party's place, not a handler's: it is never barred.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from cases.access import COMPLAINANT, Actor, Duty
from cases.tables.complaints import Complaint
from cases.tables.organisations import Membership
from cases.tables.people import Recusal
from cases.tables.positions import TaskPosition
from cases.words import RECUSAL_GROUNDS

PARTY_ROLES = frozenset({COMPLAINANT, "respondent", "recorded_unit"})
OWN_UNIT = "依照回避规定，被投诉主体的人员不得办理本单位被投诉的案件，只能以被投诉主体身份答复。"
RECUSED = "依照回避规定，已回避本案的人员不得办理、认领或者接受本案的任务（回避事由：{ground}）。"


async def bars(session: AsyncSession, complaint: Complaint, people: Collection[int]) -> Mapping[int, str]:
    """Account to the sentence that keeps that person from handling this case."""
    if not people:
        return {}
    own = await session.scalars(
        select(Membership.account_id).where(
            Membership.account_id.in_(people), Membership.uscc == complaint.respondent_uscc
        )
    )
    found = dict.fromkeys(own, OWN_UNIT)
    recused = await session.execute(
        select(Recusal.account_id, Recusal.ground).where(
            Recusal.complaint_id == complaint.id, Recusal.account_id.in_(people), Recusal.lifted_at.is_(None)
        )
    )
    return found | {
        account: RECUSED.format(ground=RECUSAL_GROUNDS.get(ground, ground)) for account, ground in recused
    }


async def bars_for(session: AsyncSession, actor: Actor, complaint: Complaint) -> Mapping[int, str]:
    """Of the actor and of everybody whom the actor stands in for."""
    people = {duty.behalf for duty in actor.entrusted if duty.behalf is not None}
    return await bars(session, complaint, people | ({actor.account_id} if actor.account_id is not None else set()))


def unbarred(
    duties: Collection[Duty], account_id: int, barred: Mapping[int, str], respondent: str, candidates: Collection[str]
) -> list[Duty]:
    """Neither the person nor the one stood in for may be barred, unless they answer as a party.

    Everybody of the respondent may answer what its liaison may answer (the reply to a supervision order).
    """
    answers = f"respondent@{respondent}" in candidates
    return [
        duty
        for duty in duties
        if duty.role in PARTY_ROLES
        or (answers and duty.uscc == respondent)
        or (account_id not in barred and duty.behalf not in barred)
    ]


def left_by(actor: Actor) -> Select[str]:
    """The cases from which this person has withdrawn or was told to."""
    return select(Recusal.complaint_id).where(Recusal.account_id == actor.account_id, Recusal.lifted_at.is_(None))


def open_to(actor: Actor) -> ColumnElement[bool]:
    """The same rule for lists of open tasks."""
    row = TaskPosition
    units = sorted({duty.uscc for duty in actor.duties})
    own = [f"{duty.role}@{duty.uscc}" for duty in (*actor.duties, *actor.entrusted) if duty.role in PARTY_ROLES]
    answers = and_(
        row.respondent_uscc.in_(units), row.candidates.overlap([f"respondent@{unit}" for unit in units])
    )
    free = and_(row.respondent_uscc.not_in(units), row.id.not_in(left_by(actor)))
    return or_(row.candidates.overlap(own), answers, free) if units else free
