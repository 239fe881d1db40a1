"""Calls, leaders' instructions (领导批示) and notes on a case. Added, never changed."""

from __future__ import annotations

import secrets
from datetime import datetime
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from cases import access, audit
from cases.access import Actor
from cases.errors import Forbidden, Invalid, NotFound
from cases.relations import Part, opened, relations_of
from cases.tables.complaints import CaseNote, Complaint

KINDS = {"call": "通话记录", "instruction": "领导批示", "note": "工作记录"}
MAX = 5_000


async def add_note(
    session: AsyncSession, actor: Actor, complaint_id: str, kind: str, body: str, occurred_at: datetime, now: datetime,
    submission_id: str = "",
) -> CaseNote:
    """The same ``submission_id`` of the same person again is the note that was stored the first time."""
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
    author = f"account:{actor.account_id}"
    key = _note_id(complaint.id, author, submission_id, kind, body.strip())
    # Two presses may come at once: the row of the first decides, under a lock that the second waits for.
    new = await session.scalar(
        insert(CaseNote)
        .values(
            id=key, complaint_id=complaint.id, kind=kind, body=body.strip(), occurred_at=occurred_at, recorded_at=now,
            author=author,
        )
        .on_conflict_do_nothing()
        .returning(CaseNote.id)
    )  # fmt: skip
    if new is not None:
        await audit.append(
            session, at=occurred_at, recorded_at=now, actor=author, act=f"note:{kind}", complaint_id=complaint.id,
            facts={"note": key},
        )  # fmt: skip
    return (await session.scalars(select(CaseNote).where(CaseNote.id == key))).one()


def _note_id(complaint_id: str, author: str, submission_id: str, *said: str) -> str:
    """Of what is said too: who goes back in the browser and writes something else means another note."""
    if not submission_id:
        return secrets.token_hex(10)
    return sha256("\0".join((complaint_id, author, submission_id, *said)).encode()).hexdigest()[:20]


async def notes_of(session: AsyncSession, complaint_id: str) -> list[CaseNote]:
    rows = await session.scalars(
        select(CaseNote).where(CaseNote.complaint_id == complaint_id).order_by(CaseNote.occurred_at.desc(), CaseNote.id)
    )
    return list(rows)
