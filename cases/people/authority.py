"""Who may decide over whose work: the head of the unit, the supervisor of the region, the administrator."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from cases.access import Actor
from cases.directory import lineage
from cases.errors import Forbidden, NotFound
from cases.tables.complaints import Complaint
from cases.tables.organisations import Account, Membership, Organisation
from cases.tables.worklist import Task

HEADS = frozenset({"head", "verifying_head"})
SUPERVISORS = frozenset({"supervisor"})
URGERS = frozenset({"supervisor", "credit_lead_dept"})
ADMINISTRATOR = "administrator"


def headed(actor: Actor) -> set[str]:
    """The units whose head this is. A stand-in of the head decides over nobody: that is not a task."""
    return {duty.uscc for duty in actor.duties if duty.role in HEADS}


def administers(actor: Actor) -> bool:
    return any(duty.role == ADMINISTRATOR for duty in actor.duties)


async def oversees(
    session: AsyncSession, actor: Actor, task: Task, complaint: Complaint, roles: frozenset[str] = SUPERVISORS
) -> bool:
    """Head of the unit that the task waits for, or one of ``roles`` in the case's region or one above it."""
    if task.unit in headed(actor):
        return True
    watching = {duty.region_code for duty in actor.duties if duty.role in roles}
    return bool(watching) and bool(watching & set(await lineage(session, complaint.region_code)))


async def heads_person(session: AsyncSession, actor: Actor, account_id: int) -> bool:
    """The head of a unit of this person."""
    units = await session.scalars(select(Membership.uscc).where(Membership.account_id == account_id))
    return bool(headed(actor) & set(units))


async def supervises_person(session: AsyncSession, actor: Actor, account_id: int) -> bool:
    """Supervisor of the region of one of this person's units, or of a region above it."""
    watching = {duty.region_code for duty in actor.duties if duty.role in SUPERVISORS}
    if not watching:
        return False
    regions = await session.scalars(
        select(Organisation.region_code)
        .join(Membership, Membership.uscc == Organisation.uscc)
        .where(Membership.account_id == account_id)
        .distinct()
    )
    return any([watching & set(await lineage(session, region)) for region in regions])


async def person(session: AsyncSession, account_id: int) -> Account:
    found = await session.get(Account, account_id)
    if found is None:
        raise NotFound("没有这个人员，或者您无权查看。")
    return found


async def require_own_or_head(session: AsyncSession, actor: Actor, account_id: int, what: str) -> None:
    """Leave, stand-ins and delegations are for the person or for the head to decide. Raises Forbidden."""
    if account_id != actor.account_id and not await heads_person(session, actor, account_id):
        raise Forbidden(f"{what}由本人或者本单位负责人办理。")
