"""A real SMTP server that keeps what arrives, a person with an address, and a courier between them."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
import pytest_asyncio
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import delete, select

from activities.stores import Stores
from cases.notices import Reader, Written, put
from cases.tables.letters import Notice
from cases.tables.organisations import Account
from jiannuo.courier import Courier
from notifications.channels.smtp import Smtp, SmtpSettings, Tls
from tests.activities import case_builders as build

TO = "ver@unit.example"
# 09:30 in Asia/Shanghai, when digests have begun.
NOW = datetime(2026, 9, 24, 1, 30, tzinfo=UTC)


class Sink:
    """Keeps what arrives; ``rcpt`` and ``data`` are the answers to those commands."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.rcpt = self.data = "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        if self.data.startswith("250"):
            self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return self.data


@pytest.fixture
def sink() -> Iterator[tuple[Sink, Smtp]]:
    handler = Sink()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    settings = SmtpSettings(
        host="127.0.0.1", port=port, sender="践诺 <jiannuo@yunling.example>", domain="yunling.example", tls=Tls.NONE,
        timeout_seconds=5.0,
    )  # fmt: skip
    yield handler, Smtp(settings)
    controller.stop()


@pytest_asyncio.fixture
async def account(stores: Stores) -> AsyncIterator[int]:
    """A person with an address, and an empty queue."""
    async with stores.transaction() as session:
        await session.execute(delete(Notice))
        found = await session.scalar(select(Account).where(Account.login == "mail"))
        row = found or await build.person(session, "mail", "verifying_dept", "VER", email=TO)
        row.active = True
    yield row.id


def courier(stores: Stores, channel: Any, now: datetime = NOW) -> Courier:
    return Courier(stores, channel, lambda: now)


async def promised(
    stores: Stores, account: int | None, key: str = "k", kind: str = "overdue_assignee", **more: Any
) -> None:
    text = Written(kind, "待办已逾期：NMG-2026-000101", "投诉NMG-2026-000101的“核实”已到期。", {})
    async with stores.transaction() as session:
        await put(session, key, more.get("complaint_id"), Reader(account, True), text, NOW)


async def mail_row(stores: Stores, key: str = "k") -> Notice:
    async with stores.transaction() as session:
        row = await session.scalar(select(Notice).where(Notice.idempotency_key.like(f"{key}:%:mail")))
    assert row is not None
    return row
