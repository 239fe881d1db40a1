"""The one place that says whether a person may take or do a piece of work, and in whose name.

Claiming, transferring, reassigning, standing in and submitting all ask here: candidates, 回避, delegation, grave acts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from cases import access
from cases.access import Actor, Duty
from cases.errors import Forbidden
from cases.people import recusal
from cases.people.grave import GRAVE_ACTS
from cases.tables.complaints import Complaint
from cases.tables.worklist import Task

NOT_YOURS = "“{name}”不由您所在单位或岗位办理。"
HELD = "“{name}”已由同事认领，需要由您办理的，请先转办。"
GRAVE = "“{name}”属于重大办理动作，不在委托范围之内，请由{who}本人办理，或者在委托中写明包括重大办理动作。"


@dataclass(frozen=True)
class Work:
    """``act`` None: to take it, not yet to do something. ``holder``: the account in whose name the task lies."""

    name: str
    candidates: Sequence[str]
    acts: Sequence[str]
    act: str | None = None
    holder: int | None = None


def taking(task: Task) -> Work:
    return Work(task.name, task.candidates, task.acts, holder=task.assignee_id)


async def duty_for(
    session: AsyncSession, actor: Actor, complaint: Complaint, work: Work, barred: Mapping[int, str] | None = None
) -> Duty:
    """The duty by which the actor may. ``barred``: of this case, when the caller has read it already.

    Raises Forbidden with the rule that says no.
    """
    found = await access.matching(session, actor, list(work.candidates), complaint.region_code)
    if actor.account_id is None:
        return _first(found, NOT_YOURS.format(name=work.name))
    if barred is None:
        barred = await recusal.bars_for(session, actor, complaint) if found else {}
    free = recusal.unbarred(
        found, actor.account_id, barred, complaint.respondent_uscc, work.candidates
    )  # fmt: skip
    if found and not free:
        raise Forbidden(barred.get(actor.account_id) or next(iter(barred.values())))
    _first(free, NOT_YOURS.format(name=work.name))
    if work.holder not in (None, actor.account_id):
        theirs = [duty for duty in free if duty.behalf == work.holder]
        if work.act is not None:
            _first(theirs, HELD.format(name=work.name))
        free = theirs or free
    wanted = work.acts if work.act is None else [work.act]
    allowed = [duty for duty in free if duty.behalf is None or duty.grave or not GRAVE_ACTS.issuperset(wanted)]
    return _first(allowed, GRAVE.format(name=work.name, who=free[0].behalf_name))


async def may(
    session: AsyncSession, actor: Actor, complaint: Complaint, work: Work, barred: Mapping[int, str] | None = None
) -> Duty | None:
    """For what a page offers: None instead of a sentence."""
    try:
        return await duty_for(session, actor, complaint, work, barred)
    except Forbidden:
        return None


def _first(duties: Sequence[Duty], otherwise: str) -> Duty:
    if not duties:
        raise Forbidden(otherwise)
    return duties[0]
