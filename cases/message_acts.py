"""What an operator does with a message: drop it, bring it back, hand it to an execution. Each with actor and reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from cases import audit
from cases.correlation import may_take, promise, take_turn, under_way
from cases.definitions import DefinitionStore
from cases.errors import Conflict, Invalid, NotFound
from cases.message_deliveries import UnderWay, of_message
from cases.message_sending import Outside, Said, checked, say
from cases.operations import required_reason
from cases.tables.engine import Instance
from cases.tables.messages import Published
from cases.tables.worklist import Subscription

ACTS = {"drop": "MessageDropped", "restore": "MessageRestored", "deliver": "MessageHandedOver"}
NOT_BUFFERED = "这条消息已经不在等待：可能刚被接收、启动了流程、过期或被丢弃。请刷新后查看。"
NOT_ENDED = "只有过期或被丢弃的消息可以恢复等待。请刷新后查看它现在的情况。"
NOT_WAITING = "所选的流程已经不再等待这一消息，或者正有另一条消息送往那里。请刷新后另选。"


async def drop(session: AsyncSession, id_: str, actor: str, reason: str, now: datetime) -> None:
    """Nobody gets it, until it is brought back. Raises Invalid, NotFound, Conflict."""
    why = required_reason(reason)
    row = await _message(session, id_)
    if row.status != "buffered":
        raise Conflict(NOT_BUFFERED)
    row.status, row.settled_at = "dropped", now
    await _note(session, row, "drop", actor, why, now)


async def restore(session: AsyncSession, id_: str, actor: str, reason: str, now: datetime) -> None:
    """It waits again: for what was left of its time, or, that being over, once more as long as at first."""
    why = required_reason(reason)
    row = await _message(session, id_)
    if row.status not in ("dropped", "expired"):
        raise Conflict(NOT_ENDED)
    if row.expires_at <= now:
        row.expires_at = now + (row.expires_at - row.thrown_at)
    row.status, row.settled_at = "buffered", None
    await _note(session, row, "restore", actor, why, now)


async def deliver(
    session: AsyncSession, id_: str, instance_id: str, key: int, actor: str, reason: str, now: datetime
) -> UnderWay | None:
    """To this catch, whatever its key. The catch must wait for a message of that name; an act of a person never does.
    It cannot be undone: a step of the execution follows.
    """
    why = required_reason(reason)
    row = await _message(session, id_)
    if row.status != "buffered":
        raise Conflict(NOT_BUFFERED)
    waits = exists().where(
        Published.id == id_, Subscription.instance_id == instance_id, Subscription.key == key,
        may_take(any_key=True), ~under_way(),
    )  # fmt: skip
    if not await session.scalar(select(waits)):
        raise Conflict(NOT_WAITING)
    promise(session, row, instance_id, key, now)
    case = await session.scalar(select(Instance.business_key).where(Instance.id == instance_id))
    await _note(session, row, "deliver", actor, why, now, case, {"instance": instance_id})
    await session.flush()
    return await of_message(session, id_)


async def send(
    session: AsyncSession, store: DefinitionStore, given: Outside, actor: str, reason: str, now: datetime
) -> Said:
    """By hand. Raises Invalid, all fields at once, and Conflict."""
    wrong: dict[str, str] = {}
    for check in (lambda: checked(given, now), lambda: required_reason(reason)):
        try:
            check()
        except Invalid as invalid:
            wrong |= invalid.fields
    if wrong:
        raise Invalid(wrong)
    said = await say(session, store, actor, given, now)
    if not said.new:
        return said
    facts = {"reason": required_reason(reason), "message": said.id, "kind": given.kind, "name": given.name}
    await audit.append(session, at=now, recorded_at=now, actor=actor, act="operate:MessageSent", facts=facts)
    return said


async def _message(session: AsyncSession, id_: str) -> Published:
    """Under the matchers' lock, so that nobody is promised meanwhile what is taken away here."""
    await take_turn(session)
    row = await session.get(Published, id_, populate_existing=True)
    if row is None or row.kind != "message":
        raise NotFound("没有这条消息，或者已过保存期。")
    return row


async def _note(
    session: AsyncSession, row: Published, act: str, actor: str, reason: str, now: datetime, case: str | None = None,
    more: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    if case is None and row.instance_id is not None:
        case = await session.scalar(select(Instance.business_key).where(Instance.id == row.instance_id))
    facts = {"reason": reason, "message": row.id, "kind": row.kind, "name": row.name, **(more or {})}
    await audit.append(
        session, at=now, recorded_at=now, actor=actor, act=f"operate:{ACTS[act]}", complaint_id=case, facts=facts
    )
