"""The courier: sends the mail that the database has promised, once each, and says what became of it.

A row stays locked while its mail is sent, so that two couriers never take the same one. One that dies between sending
and marking sends again under the same Message-ID, by which the other side knows it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

import structlog

from activities.stores import Stores, now_utc
from cases import mail_queue
from cases.tables.letters import Notice
from jiannuo.courier_digest import DIGEST_KINDS, Digests
from jiannuo.rounds import go_round
from notifications.channels.port import Channel
from notifications.errors import DeliveryRefused, DeliveryRetryable
from notifications.message import Message

PAUSE_S = 5.0
NO_ADDRESS = "没有可用的邮件地址。"

log = structlog.get_logger(__name__)


class Courier:
    """``channel`` None: no mail server is named; mail waits, visibly pending."""

    def __init__(self, stores: Stores, channel: Channel | None, clock: Callable[[], datetime] = now_utc) -> None:
        self._stores = stores
        self._channel = channel
        self._clock = clock
        self._digests = Digests(stores)

    async def run(self, stop: asyncio.Event) -> None:
        if self._channel is None:
            log.info("no mail server is named; mail waits until one is (JIANNUO_SMTP_HOST)")
            await stop.wait()
            return
        await go_round("courier", self._round, stop, PAUSE_S)

    async def _round(self) -> float:
        return 0 if await self.once() else PAUSE_S

    async def once(self) -> bool:
        """One mail; True when there was one to send."""
        if self._channel is None:
            return False
        now = self._clock()
        await self._digests.gather(now)
        async with self._stores.sessions.begin() as session:
            row = await mail_queue.next_due(session, now, DIGEST_KINDS)
            if row is None:
                return False
            row.attempts += 1
            address = await mail_queue.address_of(session, self._stores.vault, row)
            await _deliver(self._channel, row, address, now)
        log.info("mail", kind=row.kind, status=row.status, attempts=row.attempts)
        return True


async def _deliver(channel: Channel, row: Notice, address: str | None, now: datetime) -> None:
    if address is None:
        mail_queue.refused(row, NO_ADDRESS)
        return
    message = Message(
        key=row.idempotency_key,
        kind=row.kind,
        to=address,
        subject=row.subject,
        body=row.body,
        created_at=row.created_at,
    )
    try:
        await channel.send(message)
    except DeliveryRetryable as failure:
        mail_queue.later(row, str(failure), now)
    except DeliveryRefused as failure:
        mail_queue.refused(row, str(failure))
    else:
        mail_queue.sent(row, now)
