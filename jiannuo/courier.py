"""The courier: sends the mail that the database has promised, once each, and says what became of it.

A row stays locked while its mail is sent, so that two couriers never take the same one. One that dies between sending
and marking sends again under the same Message-ID, by which the other side knows it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.stores import Stores, now_utc
from cases import mail_queue, undelivered
from cases.notices import MAIL, Written
from cases.tables.letters import Notice
from jiannuo.courier_digest import DIGEST_KINDS, Digests
from jiannuo.rounds import go_round
from notifications.channels.port import Channel
from notifications.channels.smtp import message_id
from notifications.errors import DeliveryRefused, DeliveryRetryable
from notifications.message import Message
from notifications.notice import write_notice

PAUSE_S = 5.0
GATEWAY = "sms"
# How long after it was written a mail may come back.
REMEMBERED = timedelta(days=30)
NO_ADDRESS = "没有可用的邮件地址。"

log = structlog.get_logger(__name__)


class Courier:
    """``channel`` None: no mail server is named; mail waits, visibly pending.

    ``gateway``: the next channel (SMS, chat), for what mail did not deliver.
    """

    def __init__(
        self,
        stores: Stores,
        channel: Channel | None,
        clock: Callable[[], datetime] = now_utc,
        gateway: Channel | None = None,
    ) -> None:
        self._gateway = gateway
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
            row, channel = await mail_queue.next_due(session, now, DIGEST_KINDS), self._channel
            if row is None and self._gateway is not None:
                row, channel = await mail_queue.next_due(session, now, DIGEST_KINDS, GATEWAY), self._gateway
            if row is None:
                return False
            row.attempts += 1
            address = await mail_queue.address_of(session, self._stores.vault, row)
            await _deliver(channel, row, address, now)
            if undelivered.must_hand_over(row):
                await pass_on(session, row, now, GATEWAY if self._gateway is not None else None)
        log.info(row.channel, kind=row.kind, status=row.status, attempts=row.attempts)
        return True



async def pass_on(session: AsyncSession, row: Notice, now: datetime, next_channel: str | None) -> None:
    """What mail did not deliver: by the next channels, and to who answers for the reader."""
    facts = await undelivered.reader_of(session, row) | {"title": row.subject}
    text = write_notice(undelivered.KIND, facts)
    told = Written(undelivered.KIND, text.subject, text.body, facts)
    await undelivered.hand_over(session, row, told, now, next_channel)


async def bounced(session: AsyncSession, mail: str, domain: str, reason: str, now: datetime, gateway: bool) -> bool:
    """A mail that was taken and came back. ``mail``: its Message-ID or key. False when no sent mail has it."""
    rows = await session.scalars(
        select(Notice)
        .where(Notice.channel == MAIL, Notice.status.in_(("sent", "failed")), Notice.created_at > now - REMEMBERED)
        .order_by(Notice.created_at.desc())
    )
    wanted = mail.strip().strip("<>")
    keys = (row.idempotency_key for row in rows)
    key = next((key for key in keys if wanted in (key, message_id(key, domain).strip("<>"))), None)
    row = await session.get(Notice, key, with_for_update=True) if key is not None else None
    if row is None:
        return False
    mail_queue.refused(row, reason)
    if undelivered.must_hand_over(row):
        await pass_on(session, row, now, GATEWAY if gateway else None)
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
