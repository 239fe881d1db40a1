"""Messages and signals from outside: of another system, or sent by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from bpmn import codec
from bpmn.timers.duration import add, parse_duration
from cases.correlation import Slot, correlate, started_id
from cases.deadlines.zone import SHANGHAI
from cases.definitions import DefinitionStore
from cases.errors import Conflict, Invalid
from cases.message_deliveries import UnderWay, of_message
from cases.operations import variables_of
from cases.projection.said import BUFFER, digest, to_each
from cases.tables.engine import DefinitionVersion, Instance
from cases.tables.messages import Delivery, Published

MAX_NAME, MAX_VARIABLES, LONGEST = 200, 64 * 1024, timedelta(days=366)
KINDS = ("message", "signal")
ANOTHER = "这一消息编号已经用过，内容不同。请换一个编号，或者原样重发。"


@dataclass(frozen=True)
class Outside:
    """What somebody outside says. ``message_id``: the sender's own; said again under it, it is the same one.
    ``time_to_live``: an ISO 8601 duration; a signal has none. ``variables``: as they are, or as the text of their JSON.
    """

    pack: str
    name: str
    key: str = ""
    kind: str = "message"
    message_id: str = ""
    time_to_live: str | None = None
    variables: Mapping[str, Any] | str = field(default_factory=dict)

    def values(self) -> dict[str, Any]:
        """Raises Invalid."""
        return variables_of(self.variables) if isinstance(self.variables, str) else dict(self.variables)


@dataclass(frozen=True)
class Said:
    """``outcome``: taken, started, under_way, buffered, expired or dropped; of a signal taken (on its way to all who
    waited), started or unheard. ``instances``: whom it reached or started. ``open``: the delivery that is under way.
    ``new``: it was not said before.
    """

    id: str
    outcome: str
    instances: tuple[str, ...] = ()
    open: UnderWay | None = None
    new: bool = False


async def say(session: AsyncSession, store: DefinitionStore, sender: str, given: Outside, now: datetime) -> Said:
    """In the caller's transaction: kept, and matched at once where somebody waits. Raises Invalid and Conflict."""
    life = checked(given, now)
    id_ = digest("outside", sender, given.message_id)
    row = {
        "id": id_, "sender": sender, "pack": given.pack, "kind": given.kind, "name": given.name,
        "correlation_key": given.key if given.kind == "message" else "",
        "variables": codec.dump_variables(given.values()), "thrown_at": now, "expires_at": now + life,
        "status": "buffered",
    }  # fmt: skip
    new = await session.scalar(insert(Published).values(row).on_conflict_do_nothing().returning(Published.id))
    if new is None:
        known = await session.get_one(Published, id_)
        same = ("pack", "kind", "name", "correlation_key", "variables")
        if any(getattr(known, column) != row[column] for column in same):
            raise Conflict(ANOTHER)
        return await outcome(session, id_)
    if given.kind == "signal":
        await to_each(session, id_, given.name, given.pack, None, now)
    await correlate(session, store, now, Slot(given.pack, given.kind, given.name, str(row["correlation_key"])))
    return replace(await outcome(session, id_), new=True)


async def outcome(session: AsyncSession, id_: str) -> Said:
    """How it stands with a message now."""
    row = await session.get_one(Published, id_, populate_existing=True)
    reached = tuple(
        await session.scalars(
            select(Delivery.instance_id)
            .where(Delivery.published_id == id_, Delivery.status != "refused")
            .order_by(Delivery.created_at, Delivery.instance_id)
        )
    )
    begun = await _begun(session, row) if row.status == "started" else ()
    words = {"sent": "under_way", "delivered": "taken" if reached or row.kind == "message" else "unheard"}
    said = words.get(row.status, row.status)
    open_ = await of_message(session, id_) if row.kind == "message" else None
    return Said(id_, said, (*reached, *begun), open_)


async def _begun(session: AsyncSession, row: Published) -> tuple[str, ...]:
    known = await session.scalars(
        select(DefinitionVersion.definition_id)
        .where(DefinitionVersion.pack == row.pack, DefinitionVersion.kind == "bpmn")
        .distinct()
    )
    ids = [started_id(process, row.id) for process in known]
    return tuple(await session.scalars(select(Instance.id).where(Instance.id.in_(ids)).order_by(Instance.id)))


def checked(given: Outside, now: datetime) -> timedelta:
    """How long it is kept. Raises Invalid, naming every field that needs mending."""
    wrong: dict[str, str] = {}
    if given.kind not in KINDS:
        wrong["kind"] = "种类只能是 message（消息）或 signal（信号）。"
    if not given.name.strip():
        wrong["name"] = "请填写名称，与模型中消息或信号的名称一致。"
    for field_, text in (("name", given.name), ("key", given.key), ("message_id", given.message_id)):
        if len(text) > MAX_NAME or "\x00" in text:
            wrong[field_] = f"不能超过{MAX_NAME}个字符，也不能含有控制字符。"
    if given.kind == "message" and not given.key.strip():
        wrong["key"] = "请填写关联键：等待消息的流程按它找到，例如案件的标识。"
    if not given.message_id.strip():
        wrong["message_id"] = "请填写消息编号：重发时用同一编号，只会送达一次。"
    try:
        if len(codec.dump_variables(given.values()).encode()) > MAX_VARIABLES:
            wrong["variables"] = f"变量合计不能超过{MAX_VARIABLES // 1024} KB：只写流转所需的事实，内容请作为材料提交。"
    except Invalid as invalid:
        wrong |= invalid.fields
    except (ValueError, RecursionError):
        wrong["variables"] = "变量中有无法保存的数值，或者嵌套过深。请改正后重发。"
    life = _life(given.time_to_live, now)
    if life is None:
        wrong["time_to_live"] = "保留时间请写成 PT2H、P3D 这样的时长，最长366天；不写则保留24小时。"
    if wrong:
        raise Invalid(wrong)
    return life or BUFFER


def _life(text: str | None, now: datetime) -> timedelta | None:
    if text is None or not text.strip():
        return BUFFER
    found = parse_duration(text)
    if found is None or text.strip().startswith("-"):
        return None
    try:
        life = add(now, found, SHANGHAI) - now
    except (OverflowError, ValueError):
        return None
    return life if timedelta() <= life <= LONGEST else None
