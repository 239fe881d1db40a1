"""Notes on a task: internal, added and never changed, never shown to the complainant or the respondent."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from cases import audit
from cases.access import Actor
from cases.errors import Forbidden, Invalid
from cases.people import authority
from cases.people.entitlement import may, taking
from cases.relations import Part, Relation, opened, relations_of
from cases.tables.complaints import CaseNote, Complaint
from cases.tables.organisations import Account
from cases.tables.worklist import Task

MAX = 2_000
PARTIES = frozenset({Relation.COMPLAINANT, Relation.RESPONDENT})
KINDS: Mapping[str, str] = {"task": "任务备注", "transfer": "转办理由", "priority": "优先级调整理由"}


async def keep(
    session: AsyncSession, actor: Actor, complaint: Complaint, task: Task, kind: str, body: str, now: datetime
) -> CaseNote:
    """Stores; whoever calls has checked who may and logs it."""
    row = CaseNote(
        id=secrets.token_hex(10), complaint_id=complaint.id, task_instance=task.instance_id, task_key=task.key,
        kind=kind, body=body.strip(),
        occurred_at=now, recorded_at=now, author=f"account:{actor.account_id}",
    )  # fmt: skip
    session.add(row)
    await session.flush()
    return row


async def add(
    session: AsyncSession, actor: Actor, task: Task, complaint: Complaint, body: str, now: datetime
) -> CaseNote:
    """Raises Forbidden, Invalid."""
    if not await readable(session, actor, task, complaint):
        raise Forbidden("任务备注只供承办和督办人员使用。")
    if not body.strip() or len(body) > MAX:
        raise Invalid({"note": f"请填写备注，不超过{MAX}字。"})
    row = await keep(session, actor, complaint, task, "task", body, now)
    await audit.append(
        session, at=now, recorded_at=now, actor=row.author, act="task_note", complaint_id=complaint.id,
        facts={"task": task.key, "note": row.id},
    )  # fmt: skip
    return row


async def readable(session: AsyncSession, actor: Actor, task: Task, complaint: Complaint) -> bool:
    """Handlers, overseers and who works on the task; never a party of the case."""
    if relations_of(actor, complaint) & PARTIES:
        return False
    return (
        Part.NOTES in opened(relations_of(actor, complaint))
        or await may(session, actor, complaint, taking(task)) is not None
        or await authority.oversees(session, actor, task, complaint)
    )


async def notes_of(session: AsyncSession, task: Task, complaint: Complaint) -> list[tuple[CaseNote, str]]:
    """Newest first, each with the name of who wrote it."""
    rows = list(
        await session.scalars(
            select(CaseNote)
            .where(CaseNote.complaint_id == complaint.id)
            .where(CaseNote.task_instance == task.instance_id, CaseNote.task_key == task.key)
            .order_by(CaseNote.recorded_at.desc(), CaseNote.id)
        )
    )
    ids = {int(row.author.removeprefix("account:")) for row in rows if row.author.startswith("account:")}
    names = await session.execute(select(Account.id, Account.display_name).where(Account.id.in_(ids)))
    known = {f"account:{number}": name for number, name in names}
    return [(row, known.get(row.author, "")) for row in rows]
