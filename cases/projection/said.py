"""What a step says to other executions, and which signals it waits for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import DateTime, Integer, Text, any_, bindparam, cast, func, insert, literal, select, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from bpmn import codec
from bpmn.commands import BroadcastSignal, CloseSignal, OpenSignal, PublishMessage
from cases.projection.context import Projecting
from cases.statements import run, table_of
from cases.tables.engine import Instance
from cases.tables.messages import Delivery, Published, SignalCatch

BUFFER = timedelta(days=1)
"""How long a message waits for a catch. Two processes that run at the same time come to it within a day, whatever queue
or outage is between; a catch that opens later belongs to another occasion and must not be met by old news. A throw
with ``jiannuo:timeToLive`` says its own."""

_PUBLISHED, _CATCH, _DELIVERY, _INSTANCE = map(table_of, (Published, SignalCatch, Delivery, Instance))
_SAY = postgresql.insert(_PUBLISHED).on_conflict_do_nothing()
_OPEN = insert(_CATCH)
_SHUT = (
    update(_CATCH)
    .where(_CATCH.c.instance_id == bindparam("of"), _CATCH.c.key == any_(bindparam("keys", type_=ARRAY(Integer))))
    .values(open=False, closed_at=bindparam("when"))
)
_ID = func.concat(cast(bindparam("said"), Text), "/", _CATCH.c.instance_id, "/", _CATCH.c.key)
# Every catch that is open as the throw is recorded, but those of the thrower: the core served them in the same step.
_TO_EACH = (
    postgresql.insert(_DELIVERY)
    .from_select(
        ["id", "published_id", "instance_id", "key", "status", "created_at", "tries"],
        select(
            func.left(func.encode(func.sha256(func.convert_to(_ID, "UTF8")), "hex"), 20),
            cast(bindparam("said"), Text), _CATCH.c.instance_id, _CATCH.c.key, literal("open"),
            cast(bindparam("at"), DateTime(timezone=True)), literal(0),
        )
        .join(_INSTANCE, _INSTANCE.c.id == _CATCH.c.instance_id)
        .where(
            _CATCH.c.open, _CATCH.c.signal_name == bindparam("signal"), _INSTANCE.c.pack == bindparam("of_pack"),
            _CATCH.c.instance_id != bindparam("thrower"),
        ),
    )
    .on_conflict_do_nothing()
)  # fmt: skip


def digest(*parts: object) -> str:
    """Short, since an id may become part of the id of what it starts, and that of the next."""
    return sha256("/".join(map(str, parts)).encode()).hexdigest()[:20]


async def publish(ctx: Projecting, command: PublishMessage) -> None:
    row = _row(ctx, "message", command, command.correlation_key)
    if command.expires_at is not None:
        row["expires_at"] = _on_servers(ctx, datetime.fromisoformat(command.expires_at))
    await run(ctx.session, _SAY, row)


async def broadcast(ctx: Projecting, command: BroadcastSignal) -> None:
    row = _row(ctx, "signal", command, "")
    await run(ctx.session, _SAY, row)
    await to_each(ctx.session, row["id"], command.name, row["pack"], row["instance_id"], row["thrown_at"])


async def to_each(
    session: AsyncSession, said: str, signal: str, pack: str, thrower: str | None, at: datetime
) -> None:
    given = {"said": said, "signal": signal, "of_pack": pack, "thrower": thrower or "", "at": at}
    await run(session, _TO_EACH, given)


def _row(ctx: Projecting, kind: str, said: PublishMessage | BroadcastSignal, key: str) -> dict[str, Any]:
    ctx.said += 1
    thrown_at = _on_servers(ctx, ctx.at)
    return {
        "id": digest(ctx.instance.id, ctx.step, ctx.said),
        "instance_id": ctx.instance.id,
        "step": ctx.step,
        "ordinal": ctx.said,
        "pack": ctx.instance.pack,
        "kind": kind,
        "name": said.name,
        "correlation_key": key,
        "variables": codec.dump_variables(said.variables),
        "thrown_at": thrown_at,
        "expires_at": thrown_at + BUFFER,
        "status": "buffered",
    }


def _on_servers(ctx: Projecting, at: datetime) -> datetime:
    return at - timedelta(seconds=ctx.instance.clock_offset_s)


async def open_signals(ctx: Projecting, commands: Sequence[OpenSignal]) -> None:
    rows = [
        {
            "instance_id": ctx.instance.id, "key": it.subscription_key, "element_id": it.element_id,
            "signal_name": it.signal_name, "open": True, "opened_at": ctx.at,
        }
        for it in commands
    ]  # fmt: skip
    await run(ctx.session, _OPEN, rows)


async def close_signals(ctx: Projecting, commands: Sequence[CloseSignal]) -> None:
    keys = [command.subscription_key for command in commands]
    await run(ctx.session, _SHUT, {"of": ctx.instance.id, "keys": keys, "when": ctx.at})
