"""Processes that wait for messages, and messages that wait for processes, as rows."""

from __future__ import annotations

import itertools
import json
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bpmn import codec
from cases.definitions import deploy, latest
from cases.projection.said import BUFFER
from cases.tables.engine import Instance
from cases.tables.messages import Published, SignalCatch
from cases.tables.worklist import Subscription
from notifications.channels.signature import sign
from tests.api.region_builder import PACK

TALK = Path(__file__).parents[1] / "shell" / "models" / "talk.bpmn"
KEY_ID, SECRET = "portal", b"a secret of the portal"
_numbers = itertools.count(1)


def new_key() -> str:
    return f"key-{next(_numbers)}"


async def instance(session: AsyncSession, process: str, now: datetime) -> str:
    definition = await latest(session, PACK, "bpmn", process)
    if definition is None:
        await deploy(session, PACK, [TALK], now)
        definition = await latest(session, PACK, "bpmn", process)
    assert definition is not None
    number = next(_numbers)
    row = Instance(
        id=f"{process}:talk-{number}", process_id=process, graph_hash=definition.hash, pack=PACK,
        business_key=f"talk-{number}", channel=None, variables="{}", status="active", created_at=now,
    )  # fmt: skip
    session.add(row)
    await session.flush()
    return row.id


async def waiting(
    session: AsyncSession, key: str, now: datetime, *, name: str = "news", acts: tuple[str, ...] = ()
) -> str:
    """An execution that waits for a message; its catch has the key 3."""
    id_ = await instance(session, "listener", now)
    graph = await session.scalar(select(Instance.graph_hash).where(Instance.id == id_))
    session.add(
        Subscription(
            instance_id=id_, key=3, graph_hash=graph, element_id="listener_event", name="等待消息", message_name=name,
            correlation_key=key, acts=list(acts), form_id=None, properties={}, open=True, opened_at=now,
        )
    )  # fmt: skip
    return id_


async def listening(session: AsyncSession, signal: str, now: datetime) -> str:
    id_ = await instance(session, "hearer", now)
    session.add(
        SignalCatch(instance_id=id_, key=2, element_id="hearer_event", signal_name=signal, open=True, opened_at=now)
    )
    return id_


async def thrown(
    session: AsyncSession, key: str, now: datetime, *, status: str = "buffered", name: str = "news"
) -> str:
    thrower = await instance(session, "sender", now)
    row = Published(
        id=f"said-{next(_numbers)}", instance_id=thrower, step=1, ordinal=1, pack=PACK, kind="message", name=name,
        correlation_key=key, variables=codec.dump_variables({"text": "secret words", "days": 3}), thrown_at=now,
        expires_at=now + BUFFER, status=status, settled_at=None if status == "buffered" else now + timedelta(hours=1),
    )  # fmt: skip
    session.add(row)
    await session.flush()
    return row.id


def signed(body: object, now: datetime, *, key: str = KEY_ID, secret: bytes = SECRET) -> dict[str, object]:
    """The arguments of a POST as another system sends it."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    at, nonce = int(now.timestamp()), f"n-{next(_numbers)}"
    headers = {
        "x-jiannuo-key": key, "x-jiannuo-timestamp": str(at), "x-jiannuo-nonce": nonce,
        "x-jiannuo-signature": sign(secret, at, nonce, content), "content-type": "application/json",
    }  # fmt: skip
    return {"content": content, "headers": headers}
