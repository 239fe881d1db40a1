"""Titles and names of projects that were stored before they were put under the alias: rewritten, batch by batch.

What is rewritten names nobody any more, so a batch, or all of it, may be repeated.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from cases import audit
from cases.searching import index
from cases.tables.complaints import Complaint, FurtherContract, Party
from cases.tables.searching import CaseText
from cases.vault import Identity, Vault


@dataclass(frozen=True)
class Done:
    """``last``: the case that the next batch begins after, or None at the end."""

    looked: int
    changed: int
    last: str | None


async def total(session: AsyncSession) -> int:
    return await session.scalar(select(func.count()).select_from(Party)) or 0


async def rewrite(session: AsyncSession, vault: Vault, after: str, size: int, now: datetime, write: bool) -> Done:
    """One batch in the order of the cases' ids; without ``write`` it only counts. Whoever calls commits."""
    rows = await session.execute(
        select(Complaint, Party.sealed)
        .join(Party, Party.complaint_id == Complaint.id)
        .where(Complaint.id > after)
        .order_by(Complaint.id)
        .limit(size)
    )
    found = [(complaint, sealed) for complaint, sealed in rows]
    changed = 0
    for complaint, sealed in found:
        changed += await _one(session, vault.open(complaint.id, sealed), complaint, now, write)
    return Done(len(found), changed, found[-1][0].id if len(found) == size else None)


async def _one(session: AsyncSession, identity: Identity, complaint: Complaint, now: datetime, write: bool) -> bool:
    def told(text: str | None) -> str | None:
        return text and identity.hidden_in(text, complaint.complainant_alias)

    query = select(FurtherContract).where(FurtherContract.complaint_id == complaint.id)
    further = list(await session.scalars(query.order_by(FurtherContract.number)))
    same = (complaint.title, complaint.project_name, *(row.project_name for row in further))
    if [told(text) for text in same] == list(same):
        return False
    if write:
        complaint.title, complaint.project_name = told(complaint.title) or "", told(complaint.project_name)
        for row in further:
            row.project_name = told(row.project_name)
        await session.flush()
        await session.execute(delete(CaseText).where(CaseText.id == complaint.id))
        await index.write(session, complaint, (row.project_name for row in further))
        await audit.append(
            session, at=now, recorded_at=now, actor="system:upgrade", act="hide_names", complaint_id=complaint.id,
            facts={},
        )  # fmt: skip
    return True
