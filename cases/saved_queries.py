"""Keeping, sharing and dropping the filters of a list."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from urllib.parse import parse_qsl, urlencode

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from cases.access import Actor
from cases.errors import Conflict, Invalid, NotFound
from cases.tables.organisations import Account
from cases.tables.saved_queries import SavedQuery

MOST, MAX_NAME = 50, 40


async def saved(session: AsyncSession, actor: Actor, page: str) -> Sequence[tuple[SavedQuery, str]]:
    """The person's own first, then those shared with one of the person's units; each with its owner's name."""
    units = sorted({duty.uscc for duty in actor.duties})
    rows = await session.execute(
        select(SavedQuery, Account.display_name)
        .join(Account, Account.id == SavedQuery.account_id)
        .where(SavedQuery.page == page)
        .where(or_(SavedQuery.account_id == actor.account_id, SavedQuery.shared_uscc.in_(units)))
        .order_by(SavedQuery.account_id != actor.account_id, SavedQuery.name)
    )
    return [(row, name) for row, name in rows]


async def save(
    session: AsyncSession, actor: Actor, page: str, name: str, query: str, known: Collection[str], shared: bool,
    now: datetime,
) -> SavedQuery:  # fmt: skip
    """``known``: the filters of the page; others are left out. The same name replaces. Raises Invalid, Conflict."""
    name = " ".join(name.split())
    kept = [(key, value) for key, value in parse_qsl(query) if key in known]
    problems = {}
    if not 0 < len(name) <= MAX_NAME:
        problems["name"] = f"请给查询起一个{MAX_NAME}字以内的名称。"
    if not kept:
        problems["query"] = "没有可以保存的条件，请先查询。"
    if problems:
        raise Invalid(problems)
    row = await session.scalar(
        select(SavedQuery).where(
            SavedQuery.account_id == actor.account_id, SavedQuery.page == page, SavedQuery.name == name
        )
    )
    if row is None:
        count = await session.scalar(select(func.count()).where(SavedQuery.account_id == actor.account_id))
        if (count or 0) >= MOST:
            raise Conflict(f"已保存{MOST}个查询，请先删除不用的。")
        row = SavedQuery(account_id=actor.account_id, page=page, name=name, created_at=now)
        session.add(row)
    row.query = urlencode(kept)
    row.shared_uscc = actor.duties[0].uscc if shared and actor.duties else None
    await session.flush()
    return row


async def drop(session: AsyncSession, actor: Actor, number: int) -> SavedQuery:
    """Only one's own. Raises NotFound."""
    row = await session.get(SavedQuery, number)
    if row is None or row.account_id != actor.account_id:
        raise NotFound("没有这个查询，或者它是别人保存的。")
    await session.delete(row)
    await session.flush()
    return row
