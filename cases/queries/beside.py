"""The cases that stand beside one: filed together with it, and the confidential one of a reported retaliation."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from cases import access
from cases.access import Actor
from cases.tables.complaints import Complaint
from cases.tables.organisations import Organisation


@dataclass(frozen=True)
class Beside:
    """``confidential``: about retaliation. ``open``: this reader may turn to it."""

    complaint: Complaint
    respondent: str
    confidential: bool
    open: bool = True


async def beside(session: AsyncSession, actor: Actor, complaint: Complaint) -> list[Beside]:
    """Staff see those that they may see; the complainant all of its own: it filed them, under one code."""
    related = (Complaint.confidential_of == complaint.id) | (Complaint.id == (complaint.confidential_of or ""))
    if complaint.joint_no is not None:
        related = related | (Complaint.joint_no == complaint.joint_no)
    seen = select(Complaint) if actor.complaint_id == complaint.id else access.visible(actor)
    rows = await session.execute(
        seen.join(Organisation, Organisation.uscc == Complaint.respondent_uscc)
        .where(related, Complaint.id != complaint.id)
        .order_by(Complaint.case_no)
        .add_columns(Organisation.name)
    )
    mine = actor.complaint_id is not None
    return [
        Beside(row, name, row.confidential_of is not None, not (mine and row.confidential_of is not None))
        for row, name in rows
    ]
