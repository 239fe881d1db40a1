"""The complainant's way in: case number and access code, shown once when the number was given."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from cases import access_codes, attempts
from cases.access import Actor
from cases.accounts import token_hash
from cases.attempts import ADDRESS, CODE
from cases.errors import NotFound
from cases.joint import together
from cases.tables.complaints import Complaint
from cases.tables.visits import Visit

IDLE = timedelta(minutes=30)
# A visit that ended is remembered for as long as somebody may come back to a form that they left open.
KNOWN = timedelta(hours=12)
# How long after filing the same unfinished form may ask again for the code that its lost answer carried.
SECOND_ANSWER = timedelta(minutes=10)


@dataclass(frozen=True)
class Visiting:
    complaint_id: str
    csrf: str

    @property
    def actor(self) -> Actor:
        return Actor(login="complainant", complaint_id=self.complaint_id)


async def begin(session: AsyncSession, case_no: str, code: str, address: str, now: datetime) -> str | None:
    """The visit's token, or None for a wrong pair: counted, so the caller commits. Raises TooMany."""
    tried = {CODE: case_no, ADDRESS: address}
    await attempts.require_few(session, now, tried)
    number = case_no.strip().upper()
    complaint = await session.scalar(
        select(Complaint)
        .where(or_(Complaint.case_no == number, Complaint.joint_no == number))
        .order_by(Complaint.case_no)
        .limit(1)
    )
    if not await access_codes.matches(complaint, code) or complaint is None:
        await attempts.note_failure(session, now, tried)
        return None
    await session.execute(delete(Visit).where(Visit.seen_at < now - KNOWN))
    return _begun(session, complaint.id, now)


def _begun(session: AsyncSession, complaint_id: str, now: datetime) -> str:
    token = secrets.token_urlsafe(32)
    session.add(
        Visit(
            token_hash=token_hash(token), complaint_id=complaint_id, csrf=secrets.token_urlsafe(24),
            created_at=now, seen_at=now,
        )
    )  # fmt: skip
    return token


async def visiting(session: AsyncSession, token: str, now: datetime) -> Visiting | None:
    row = await session.get(Visit, token_hash(token))
    if row is None or row.seen_at <= now - IDLE:
        return None
    if row.seen_at < now - timedelta(minutes=1):
        await session.execute(update(Visit).where(Visit.token_hash == row.token_hash).values(seen_at=now))
    return Visiting(row.complaint_id, row.csrf)


async def lapsed(session: AsyncSession, token: str) -> Visiting | None:
    """Whose visit it was, however long ago it ended by itself: nothing may be read or done by it."""
    row = await session.get(Visit, token_hash(token))
    return Visiting(row.complaint_id, row.csrf) if row else None


async def turn_to(session: AsyncSession, token: str, case_no: str, now: datetime) -> None:
    """To another case that was filed together with this one: the same complainant, the same code. Raises NotFound."""
    row = await session.get(Visit, token_hash(token))
    here = await session.get(Complaint, row.complaint_id) if row is not None else None
    found = [other for other in await together(session, here) if other.case_no == case_no] if here else []
    if row is None or not found:
        raise NotFound("没有与本案一并提交的这个案件。")
    row.complaint_id, row.seen_at = found[0].id, now


async def end(session: AsyncSession, token: str) -> None:
    await session.execute(delete(Visit).where(Visit.token_hash == token_hash(token)))


async def code_again(session: AsyncSession, complaint_id: str, now: datetime) -> str | None:
    """A fresh code for a form sent twice: the browser dropped the first answer, and with it the code.

    None once somebody followed the case or the moment has passed; only the sender of the form's secret token gets here.
    """
    complaint = await session.get(Complaint, complaint_id, with_for_update={"key_share": True})
    followed = await session.scalar(select(Visit.token_hash).where(Visit.complaint_id == complaint_id).limit(1))
    if complaint is None or followed is not None or complaint.recorded_at < now - SECOND_ANSWER:
        return None
    code = access_codes.new_code()
    for row in await together(session, complaint):
        row.access_code_hash = await access_codes.hash_code(code)
    return code
