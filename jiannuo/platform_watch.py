"""Asks the supervision platform how the cases go that it was given, and enters what it answers."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import cast

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.platforms.port import PlatformPort, PlatformStatus, StatusPort
from activities.stores import Stores, now_utc
from bpmn import codec
from bpmn.events import MessageDelivered
from cases import audit, sharing
from cases.errors import NotFound
from cases.escalations import CONFIRMED, FINAL_STATES, STATES, note_status
from cases.intake import instance_id_of
from cases.policy.loader import load
from cases.sharing_platforms import platform_for
from cases.tables.engine import Instance
from cases.tables.records import Escalation
from cases.tables.sharing import Push
from cases.tables.worklist import Submission, Subscription
from jiannuo.rounds import go_round
from notifications.errors import DeliveryError

PAUSE_S = 600.0
BATCH = 200
ACT = "platform_status"
PLATFORM = "supervision_platform"

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Followed:
    key: str
    complaint_id: str
    platform: str


class PlatformWatch:
    """``ports``: platform key to its adapter; one without ``status`` is followed by people."""

    def __init__(self, stores: Stores, ports: Mapping[str, PlatformPort]) -> None:
        self._stores = stores
        self._ports = ports

    async def run(self, stop: asyncio.Event) -> None:
        await go_round("platform watch", self._round, stop, PAUSE_S)

    async def _round(self) -> float:
        await self.once()
        return PAUSE_S

    async def once(self) -> int:
        """How many answers were news. No database lock is held while a platform is asked."""
        async with self._stores.sessions() as session:
            followed = await _followed(session)
        news = 0
        for item in followed:
            port = self._ports.get(item.platform)
            if port is None or not hasattr(port, "status"):
                continue
            try:
                said = await cast(StatusPort, port).status(item.key)
            except DeliveryError as error:
                log.warning("platform gave no status", platform=item.platform, error=type(error).__name__)
                continue
            if said is not None and said.state in STATES:
                async with self._stores.sessions.begin() as session:
                    news += await _enter(session, item, said)
        return news


async def _followed(session: AsyncSession) -> list[Followed]:
    """The latest message of every case that the platform has received and not ended."""
    rows = await session.scalars(
        select(Push)
        .join(Escalation, Escalation.complaint_id == Push.complaint_id)
        .where(
            Push.kind == sharing.TYPICAL_CASE, Push.status == sharing.RECEIVED, Escalation.decision == CONFIRMED,
            Escalation.platform_state.is_(None) | Escalation.platform_state.not_in(FINAL_STATES),
        )
        .order_by(Push.created_at)
        .limit(BATCH)
    )  # fmt: skip
    found: dict[str, Followed] = {}
    for row in rows:
        try:
            platform = platform_for(load(str(row.body["pack"])), row.platform).key
        except NotFound:
            continue
        found[str(row.complaint_id)] = Followed(row.idempotency_key, str(row.complaint_id), platform)
    return list(found.values())


async def _enter(session: AsyncSession, item: Followed, said: PlatformStatus) -> bool:
    """Through the case's open catch where there is one, so that the diagram shows it; else on the row itself."""
    row = await session.get(Escalation, item.complaint_id, with_for_update=True)
    instance = await session.get(Instance, instance_id_of(item.complaint_id))
    if row is None or instance is None or (row.platform_state, row.platform_words or "") == (said.state, said.words):
        return False
    now = now_utc() + timedelta(seconds=instance.clock_offset_s)
    catch = await session.scalar(
        select(Subscription)
        .where(Subscription.instance_id == instance.id, Subscription.open, Subscription.acts.contains([ACT]))
        .order_by(Subscription.key)
        .limit(1)
    )
    if catch is None:
        news = note_status(row, said.state, said.words, now)
        await _note(session, item, said, now)
        return news
    return await _submit(session, instance, catch, item, said, now)


async def _submit(
    session: AsyncSession, instance: Instance, catch: Subscription, item: Followed, said: PlatformStatus, now: datetime
) -> bool:
    """One submission per answer and catch: asked again before the case has taken it in, it is the same one."""
    answer = f"{item.key}:{catch.key}:{said.state}:{said.words}"
    submission_id = f"platform-{sha256(answer.encode()).hexdigest()[:20]}"
    if await session.get(Submission, submission_id) is not None:
        return False
    facts = {"submission": submission_id, "act": ACT, "acted_at": now.isoformat(), "state": said.state}
    session.add(
        Submission(
            id=submission_id, instance_id=instance.id, subscription_key=catch.key, act=ACT, role="platform",
            form={"state": said.state, "words": said.words}, occurred_at=now, recorded_at=now,
            event=codec.dump_event(MessageDelivered(catch.key, submission_id, facts)),
        )
    )  # fmt: skip
    return True


async def _note(session: AsyncSession, item: Followed, said: PlatformStatus, now: datetime) -> None:
    await audit.append(
        session, at=now, recorded_at=now, actor="platform", act=ACT, complaint_id=item.complaint_id,
        facts={"state": said.state, "message": item.key},
    )  # fmt: skip
