"""催办: the people whose task it is are told, at most once a day however many urge. It is counted, it moves nothing."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from cases import audit, worklist
from cases.access import Actor
from cases.deadlines.zone import day_of
from cases.errors import Conflict, Forbidden, Invalid
from cases.people import authority
from cases.people.authority import URGERS
from cases.people.entrusting import stand_ins_of
from cases.people.telling import tell
from cases.tables.clocks import Deadline
from cases.tables.complaints import Complaint
from cases.tables.organisations import Account
from cases.tables.people import Urging
from cases.tables.worklist import Task
from cases.worklist import Seen

MAX = 500


async def urge(session: AsyncSession, actor: Actor, seen: Seen, words: str, now: datetime) -> str:
    """Answers whom it reached, as a sentence. Raises NotFound, Forbidden, Conflict, Invalid."""
    task, complaint = await worklist.find_open(session, actor, seen)
    if not await authority.oversees(session, actor, task, complaint, URGERS):
        raise Forbidden("催办由承办单位负责人、督办人员或者信用牵头部门作出。")
    if len(words) > MAX:
        raise Invalid({"words": f"催办意见不超过{MAX}字。"})
    day = day_of(now)
    new = await session.scalar(
        insert(Urging)
        .values(
            id=secrets.token_hex(10), instance_id=task.instance_id, task_key=task.key, day=day,
            urged_by=actor.account_id, urged_at=now, words=words.strip(),
        )
        .on_conflict_do_nothing()
        .returning(Urging.id)
    )  # fmt: skip
    if new is None:
        raise Conflict("今天已经催办过，同一任务每天催办一次。")
    readers = await _readers(session, task, complaint, day_of(now))
    due = await _due(session, task)
    for account in readers:
        await tell(
            session, f"urge:{new}", account, "task_urged", now, complaint.id, case_no=complaint.case_no,
            task=task.name, due=due, words=words.strip() or "请抓紧办理。",
        )  # fmt: skip
    await audit.append(
        session, at=now, recorded_at=now, actor=f"account:{actor.account_id}", act="urge_task",
        complaint_id=complaint.id, facts={"task": task.key, "urging": new, "told": [one.id for one in readers]},
    )  # fmt: skip
    if not readers:
        return "已记录催办，但该单位没有在岗人员可以通知，请改派或者联系单位负责人。"
    return f"已通知{'、'.join(one.display_name for one in readers)}。"


async def urgings(session: AsyncSession, tasks: Collection[tuple[str, int]]) -> dict[tuple[str, int], int]:
    """How often each of these tasks was urged."""
    instances = sorted({instance for instance, _ in tasks})
    rows = await session.execute(
        select(Urging.instance_id, Urging.task_key, func.count())
        .where(Urging.instance_id.in_(instances))
        .group_by(Urging.instance_id, Urging.task_key)
    )
    return {(instance, key): count for instance, key, count in rows}


async def _readers(session: AsyncSession, task: Task, complaint: Complaint, day: date) -> list[Account]:
    """Who holds it and who stands in for that person today; nobody's: everybody who may take it."""
    if task.assignee_id is None:
        return await worklist.colleagues(session, task, complaint)
    holder = await session.get(Account, task.assignee_id)
    found = [holder] if holder is not None and holder.active else []
    return found + await stand_ins_of(session, [task.assignee_id], day)


async def _due(session: AsyncSession, task: Task) -> str:
    row = await session.get(Deadline, (task.instance_id, task.deadline_key)) if task.deadline_key is not None else None
    return f"应于{row.due.isoformat()}前完成" if row is not None and row.due is not None else "尚未完成"
