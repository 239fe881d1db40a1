"""Raising and lowering the priority of a task, with a reason; and the rung of a ladder that raises it by itself."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, update
from sqlalchemy.ext.asyncio import AsyncSession

from cases import audit, task_positions, worklist
from cases.access import Actor
from cases.errors import Conflict, Forbidden, Invalid
from cases.people import authority, task_notes
from cases.people.authority import URGERS
from cases.tables.worklist import Task
from cases.words import PRIORITIES
from cases.worklist import Seen

RAISED = 70


async def set_priority(
    session: AsyncSession, actor: Actor, seen: Seen, level: int | None, reason: str, now: datetime
) -> None:
    """By the head of the unit or a supervisor. Raises NotFound, Forbidden, Invalid, Conflict."""
    task, complaint = await worklist.find_open(session, actor, seen)
    if not await authority.oversees(session, actor, task, complaint, URGERS):
        raise Forbidden("优先级由承办单位负责人或者督办人员调整。")
    problems = {} if level in PRIORITIES else {"priority": "请选择优先级。"}
    if not reason.strip():
        problems["reason"] = "请写明调整优先级的理由。"
    if problems:
        raise Invalid(problems)
    if level == task.priority:
        raise Conflict(f"“{task.name}”已经是“{PRIORITIES[level]}”。")
    before = task.priority
    await worklist.change(session, task, seen.row_version, priority=level)
    words = f"{named(before)} → {named(level or before)}：{reason.strip()}"
    note = await task_notes.keep(session, actor, complaint, task, "priority", words, now)
    await audit.append(
        session, at=now, recorded_at=now, actor=f"account:{actor.account_id}", act="set_priority",
        complaint_id=complaint.id, facts={"task": task.key, "from": before, "to": level, "note": note.id},
    )  # fmt: skip


async def raise_for(
    session: AsyncSession, instance_id: str, complaint_id: str, waits_for: str, rung: str, now: datetime
) -> list[int]:
    """The rung's effect on the open tasks that the clock runs against; keys of those that were lower before."""
    raised = await session.scalars(
        update(Task)
        .where(
            Task.instance_id == instance_id, Task.status == "open", Task.priority < RAISED,
            Task.candidates.contains([waits_for]),
        )
        .values(priority=func.greatest(Task.priority, RAISED), row_version=Task.row_version + 1)
        .returning(Task.key)
    )  # fmt: skip
    keys = sorted(raised)
    for key in keys:
        await task_positions.refresh_task(session, instance_id, key)
    if keys:
        await audit.append(
            session, at=now, recorded_at=now, actor="system", act="set_priority", complaint_id=complaint_id,
            facts={"tasks": keys, "to": RAISED, "rung": rung},
        )  # fmt: skip
    return keys


def named(level: int) -> str:
    """The word for a level; levels of a model lie between the named ones."""
    return PRIORITIES[max((known for known in PRIORITIES if known <= level), default=min(PRIORITIES))]
