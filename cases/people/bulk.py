"""One act on many tasks: each item succeeds or is refused by itself, and the same press counts once.

The run is a row under the token of the form. A second press with the token finds the row and does nothing again.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from cases import worklist
from cases.access import Actor
from cases.errors import Forbidden, Invalid, NotFound, Problem
from cases.people import authority, urging
from cases.tables.people import BulkRun
from cases.words import BULK_ACTS
from cases.worklist import Seen

MOST = 200


@dataclass(frozen=True)
class Item:
    """What became of one task."""

    case_id: str
    case_no: str
    key: int
    name: str
    done: bool
    sentence: str


@dataclass(frozen=True)
class Wish:
    """``to``: the login for reassigning, empty for the unit. ``words``: reason or what the urging says."""

    act: str
    to: str = ""
    words: str = ""


Doing = Callable[[AsyncSession, Actor, Seen, Wish, datetime], Awaitable[str]]


async def begin(
    session: AsyncSession, actor: Actor, token: str, wish: Wish, chosen: Sequence[Seen], now: datetime
) -> bool:
    """Whether this press is the first with its token. Raises Invalid for what concerns the whole press."""
    problems = {}
    if not chosen:
        problems["task"] = "请先选择任务。"
    if len(chosen) > MOST:
        problems["task"] = f"一次最多选择{MOST}项任务，请分批办理。"
    if wish.act not in BULK_ACTS:
        problems["bulk"] = "请选择办理方式。"
    if wish.act in ("reassign", "handover", "approve_extension") and not wish.words.strip():
        problems["words"] = "请写明理由。"
    if not 16 <= len(token) <= 64:
        problems["token"] = "页面已经过期，请刷新列表后重新选择。"
    if problems:
        raise Invalid(problems)
    new = await session.scalar(
        insert(BulkRun)
        .values(token=token, account_id=actor.account_id, act=wish.act, begun_at=now)
        .on_conflict_do_nothing()
        .returning(BulkRun.token)
    )
    return new is not None


async def run(
    session: AsyncSession, actor: Actor, token: str, wish: Wish, chosen: Sequence[Seen], now: datetime
) -> None:
    """Urging and reassigning, in one transaction; a refused item leaves nothing of itself behind."""
    if not await begin(session, actor, token, wish, chosen, now):
        return
    items = [await _one(session, actor, seen, wish, now) for seen in in_order(chosen)]
    await finish(session, token, items)


def in_order(chosen: Sequence[Seen]) -> list[Seen]:
    """In key order, so that two people who act on the same list do not lock each other out; each task once."""
    once = {(one.complaint_id, one.instance_id, one.key): one for one in chosen}
    return [once[place] for place in sorted(once)]


async def _one(session: AsyncSession, actor: Actor, seen: Seen, wish: Wish, now: datetime) -> Item:
    try:
        async with session.begin_nested():
            sentence = await DOINGS[wish.act](session, actor, seen, wish, now)
    except Problem as problem:
        return await item(session, actor, seen, False, problem.sentence)
    return await item(session, actor, seen, True, sentence)


async def item(session: AsyncSession, actor: Actor, seen: Seen, done: bool, sentence: str) -> Item:
    """Names of what the actor may not see stay unnamed."""
    try:
        task, complaint = await worklist.find_task(session, actor, seen.complaint_id, seen.key, seen.instance_id)
    except NotFound:
        return Item(seen.complaint_id, "", seen.key, "", done, sentence)
    return Item(complaint.id, complaint.case_no, task.key, task.name, done, sentence)


async def finish(session: AsyncSession, token: str, items: Sequence[Item]) -> None:
    row = await session.get(BulkRun, token, with_for_update=True)
    assert row is not None, "begin has stored it"
    if row.items is None:
        row.items = [asdict(one) for one in items]


async def outcome(session: AsyncSession, actor: Actor, token: str) -> tuple[BulkRun, list[Item] | None]:
    """A run of one's own; None while it is under way. Raises NotFound."""
    row = await session.scalar(
        select(BulkRun).where(BulkRun.token == token, BulkRun.account_id == actor.account_id)
    )
    if row is None:
        raise NotFound("没有这次批量办理的结果，或者您无权查看。")
    return row, None if row.items is None else [Item(**one) for one in row.items]


async def _urge(session: AsyncSession, actor: Actor, seen: Seen, wish: Wish, now: datetime) -> str:
    return await urging.urge(session, actor, seen, wish.words, now)


async def _reassign(session: AsyncSession, actor: Actor, seen: Seen, wish: Wish, now: datetime) -> str:
    task, complaint = await worklist.find_open(session, actor, seen)
    if not await authority.oversees(session, actor, task, complaint):
        raise Forbidden("改派由承办单位负责人或者督办人员决定。")
    await worklist.hand(
        session, actor, task, complaint, seen.row_version, wish.to, wish.words, now, "reassign"
    )
    return "已改派。" if wish.to.strip() else "已退回单位待办。"


async def _claim(session: AsyncSession, actor: Actor, seen: Seen, wish: Wish, now: datetime) -> str:
    await worklist.claim(session, actor, seen, now)
    return "已认领。"


DOINGS: dict[str, Doing] = {"urge": _urge, "reassign": _reassign, "claim": _claim}
