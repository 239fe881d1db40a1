"""A process that an operator begins by hand: one of its own, none whose instances belong to cases."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from bpmn import codec
from cases.correlation import RUNNING, take_turn
from cases.definitions import DefinitionStore, latest
from cases.errors import Conflict, Invalid, NotFound
from cases.instance_acts import MAX_NAME, note, variables_in
from cases.operations import required_reason
from cases.policy.files import find_files
from cases.policy.loader import load
from cases.tables.complaints import Complaint
from cases.tables.engine import DefinitionFile, DefinitionVersion, Instance
from cases.tables.ledger import Outbox

OF_THE_PROCEDURE = "“{name}”是政策包的办案流程，只随案件启动：请登记投诉，或者在案件、督办件的页面办理。"
NO_START = "“{name}”没有空启动事件，不能手工启动：它由消息、信号或定时启动。消息可在“流程间的消息”手工发出。"
RUNS = "关联键为“{key}”的这一流程正在运行，没有再启动一个。"
OF_A_CASE = "这个关联键是案件的标识。手工启动的流程不能归入案件，请换一个关联键。"


async def begin_by_hand(
    session: AsyncSession, store: DefinitionStore, pack: str, process_id: str, key: str, variables: str, token: str,
    actor: str, reason: str, now: datetime,
) -> Instance:  # fmt: skip
    """The newest version, at its none start event. ``token`` makes the id, so the same wish begins one.

    The row and the promise of its execution in one transaction, as intake does. Of one key, one runs at a time, as with
    messages; under the matchers' lock, so that a message does not begin another meanwhile. Raises Invalid, NotFound,
    Conflict.
    """
    why, values = required_reason(reason), variables_in(variables)
    key = key.strip()
    if len(key) > MAX_NAME or not key.isprintable():
        raise Invalid({"key": f"关联键不能超过{MAX_NAME}个字符，也不能含有控制字符。"})
    version = await latest(session, pack, "bpmn", process_id)
    if version is None:
        raise NotFound(f"没有部署流程 {process_id}。已部署的见 jiannuo bpmn list。")
    process = (await store.graph(session, version.hash)).processes[process_id]
    named = process.name or process_id
    if await belongs_to_cases(session, pack, process_id):
        raise Conflict(OF_THE_PROCEDURE.format(name=named))
    if not process.container.initial:
        raise Conflict(NO_START.format(name=named))
    await take_turn(session)
    id_ = f"{process_id}:hand-{token}"
    known = await session.get(Instance, id_)
    if known is not None:
        return known
    if key and await session.scalar(select(exists().where(Complaint.id == key))):
        raise Conflict(OF_A_CASE)
    rival = exists().where(
        Instance.process_id == process_id, Instance.business_key == key, Instance.pack == pack,
        Instance.status.in_(RUNNING),
    )  # fmt: skip
    if key and await session.scalar(select(rival)):
        raise Conflict(RUNS.format(key=key))
    row = Instance(
        id=id_, process_id=process_id, graph_hash=version.hash, pack=pack, business_key=key or f"hand-{token}",
        channel=None, variables=codec.dump_variables(values), created_at=now,
    )  # fmt: skip
    session.add(row)
    session.add(Outbox(kind="start", ref=id_, payload={}, created_at=now))
    await session.flush()
    await note(session, row, "InstanceBegun", actor, why, now)
    return row


async def belongs_to_cases(session: AsyncSession, pack: str, process_id: str) -> bool:
    """Whether a version of it came from a file of the pack's procedure (``procedure`` of its policy)."""
    files = list(find_files(load(pack), "*.bpmn"))
    return bool(
        await session.scalar(
            select(
                exists().where(
                    DefinitionVersion.pack == pack, DefinitionVersion.kind == "bpmn",
                    DefinitionVersion.definition_id == process_id, DefinitionFile.hash == DefinitionVersion.hash,
                    DefinitionFile.name.in_(files),
                )
            )
        )
    )  # fmt: skip
