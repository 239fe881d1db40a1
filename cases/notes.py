"""Calls, leaders' instructions (领导批示) and notes on a case. Added, never changed."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from cases import access, audit
from cases.access import Actor
from cases.errors import Forbidden, Invalid, NotFound
from cases.relations import Part, opened, relations_of
from cases.tables.complaints import CaseNote, Complaint

KINDS = {"call": "通话记录", "instruction": "领导批示", "note": "工作记录"}
MAX = 5_000


async def add_note(
    session: AsyncSession, actor: Actor, complaint_id: str, kind: str, body: str, occurred_at: datetime, now: datetime
) -> CaseNote:
    complaint = await session.scalar(access.visible(actor).where(Complaint.id == complaint_id))
    if complaint is None:
        raise NotFound("没有找到这个案件，或者您无权查看。")
    if Part.ADD_NOTE not in opened(relations_of(actor, complaint)):
        raise Forbidden("只有本案的承办人员和督办人员可以登记通话和批示。")
    problems = {}
    if kind not in KINDS:
        problems["kind"] = "请选择记录的种类。"
    if not body.strip() or len(body) > MAX:
        problems["body"] = f"请填写内容，不超过{MAX}字。"
    if occurred_at > now:
        problems["occurred_at"] = "发生时间不能晚于现在。"
    if problems:
        raise Invalid(problems)
    note = CaseNote(
        id=secrets.token_hex(10), complaint_id=complaint.id, kind=kind, body=body.strip(), occurred_at=occurred_at,
        recorded_at=now, author=f"account:{actor.account_id}",
    )  # fmt: skip
    session.add(note)
    await audit.append(
        session, at=occurred_at, recorded_at=now, actor=note.author, act=f"note:{kind}", complaint_id=complaint.id,
        facts={"note": note.id},
    )  # fmt: skip
    return note


async def notes_of(session: AsyncSession, complaint_id: str) -> list[CaseNote]:
    rows = await session.scalars(
        select(CaseNote).where(CaseNote.complaint_id == complaint_id).order_by(CaseNote.occurred_at.desc(), CaseNote.id)
    )
    return list(rows)
