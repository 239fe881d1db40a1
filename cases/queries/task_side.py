"""What stands beside a task for who works on it or oversees it: colleagues, notes, urgings, priority."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from cases import worklist
from cases.access import Actor
from cases.people import authority, task_notes
from cases.people.authority import URGERS
from cases.people.entitlement import may, taking
from cases.tables.complaints import CaseNote, Complaint
from cases.tables.organisations import Account
from cases.tables.people import Urging
from cases.tables.worklist import Task


@dataclass
class TaskSide:
    """``holder``: in whose name the task lies. ``steers``: may set the priority and urge."""

    holder: str | None = None
    people: list[Account] = field(default_factory=list)
    may_transfer: bool = False
    steers: bool = False
    readable: bool = False
    notes: list[tuple[CaseNote, str]] = field(default_factory=list)
    urgings: list[tuple[Urging, str]] = field(default_factory=list)


async def task_side(session: AsyncSession, actor: Actor, task: Task, complaint: Complaint) -> TaskSide:
    holder = await session.get(Account, task.assignee_id) if task.assignee_id else None
    side = TaskSide(holder.display_name if holder else None)
    overseen = await authority.oversees(session, actor, task, complaint)
    side.steers = await authority.oversees(session, actor, task, complaint, URGERS)
    behind = {duty.behalf for duty in actor.entrusted}
    mine = await may(session, actor, complaint, taking(task)) is not None
    side.may_transfer = overseen or (mine and task.assignee_id in (None, actor.account_id, *behind))
    if side.may_transfer or mine:
        side.people = await worklist.colleagues(session, task, complaint)
    side.readable = await task_notes.readable(session, actor, task, complaint)
    if side.readable:
        side.notes = await task_notes.notes_of(session, task, complaint)
        rows = await session.execute(
            select(Urging, Account.display_name)
            .join(Account, Account.id == Urging.urged_by)
            .where(Urging.instance_id == task.instance_id, Urging.task_key == task.key)
            .order_by(Urging.urged_at.desc())
        )
        side.urgings = [(urging, name) for urging, name in rows]
    return side
