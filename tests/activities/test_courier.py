"""Mail goes from the database to a real SMTP server once, and its state is visible whatever happens on the way."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
import pytest_asyncio
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from pydantic import SecretStr
from sqlalchemy import delete, select

from activities.stores import Stores
from cases.notices import Reader, Written, put
from cases.tables.letters import Notice
from cases.tables.organisations import Account
from jiannuo.courier import Courier, bounced
from jiannuo.errors import SettingsRefused
from jiannuo.mail import mail_channel
from jiannuo.settings import Settings
from notifications.channels.smtp import Smtp, SmtpSettings, Tls
from notifications.message import Message, Receipt
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


@pytest_asyncio.fixture(autouse=True)
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


async def test_a_mail_is_sent_once_and_marked(stores: Stores, sink: tuple[Sink, Smtp], account: int) -> None:
    server, channel = sink
    await promised(stores, account)
    await promised(stores, account)
    sender = courier(stores, channel)
    assert [await sender.once(), await sender.once()] == [True, False]
    assert [mail["To"] for mail in server.mails] == [TO]
    row = await mail_row(stores)
    assert (row.status, row.attempts, row.sent_at) == ("sent", 1, NOW)


async def test_two_couriers_at_once_send_each_mail_once(stores: Stores, sink: tuple[Sink, Smtp], account: int) -> None:
    server, channel = sink
    for number in range(8):
        await promised(stores, account, key=f"many{number}")

    async def work(one: Courier) -> None:
        while await one.once():
            pass

    await asyncio.gather(work(courier(stores, channel)), work(courier(stores, channel)))
    assert len({mail["Message-ID"] for mail in server.mails}) == len(server.mails) == 8


async def test_a_refused_address_is_failed_for_good_and_says_why(
    stores: Stores, sink: tuple[Sink, Smtp], account: int
) -> None:
    server, channel = sink
    server.rcpt = "550 no such user"
    await promised(stores, account)
    await courier(stores, channel).once()
    row = await mail_row(stores)
    assert row.status == "failed"
    assert row.last_error is not None
    assert "550" in row.last_error
    assert TO not in row.last_error
    assert await courier(stores, channel, NOW + timedelta(days=1)).once() is False


async def test_a_busy_server_is_tried_again_after_a_pause(
    stores: Stores, sink: tuple[Sink, Smtp], account: int
) -> None:
    server, channel = sink
    server.data = "451 try later"
    await promised(stores, account)
    assert await courier(stores, channel).once() is True
    assert ((await mail_row(stores)).status, (await mail_row(stores)).attempts) == ("pending", 1)
    server.data = "250 OK"
    assert await courier(stores, channel, NOW + timedelta(seconds=30)).once() is False
    assert await courier(stores, channel, NOW + timedelta(seconds=61)).once() is True
    row = await mail_row(stores)
    assert (row.status, row.attempts, row.last_error) == ("sent", 2, None)


class Dies:
    """Sends, and then the process is gone before it can say so."""

    name = "smtp"

    def __init__(self, inner: Smtp) -> None:
        self._inner = inner

    async def send(self, message: Message) -> Receipt:
        await self._inner.send(message)
        raise asyncio.CancelledError


async def test_one_that_dies_between_sending_and_marking_repeats_the_same_message_id(
    stores: Stores, sink: tuple[Sink, Smtp], account: int
) -> None:
    server, channel = sink
    await promised(stores, account)
    with pytest.raises(asyncio.CancelledError):
        await courier(stores, Dies(channel)).once()
    assert (await mail_row(stores)).status == "pending"
    await courier(stores, channel).once()
    first, second = server.mails
    assert first["Message-ID"] == second["Message-ID"]
    assert first.get_content() == second.get_content()
    assert (await mail_row(stores)).status == "sent"


async def test_what_can_wait_becomes_one_digest_a_day(stores: Stores, sink: tuple[Sink, Smtp], account: int) -> None:
    server, channel = sink
    for number in range(3):
        await promised(stores, account, key=f"soft{number}", kind="reminder")
    early = courier(stores, channel, NOW - timedelta(hours=1))
    assert await early.once() is False
    sender = courier(stores, channel)
    assert [await sender.once(), await sender.once()] == [True, False]
    await promised(stores, account, key="soft9", kind="reminder")
    assert await sender.once() is False
    assert len(server.mails) == 1
    assert "3项" in server.mails[0].get_content()
    assert (await mail_row(stores, "soft0")).status == "digested"
    assert (await mail_row(stores, "soft9")).status == "pending"
    await courier(stores, channel, NOW + timedelta(days=1)).once()
    assert len(server.mails) == 2


async def test_the_complainants_address_comes_from_the_vault_only(stores: Stores, sink: tuple[Sink, Smtp]) -> None:
    server, channel = sink
    async with stores.transaction() as session:
        await build.case(session, stores, "301", email="li@firm.example")
    await promised(stores, None, key="party", kind="letter_served", complaint_id="301")
    await courier(stores, channel).once()
    assert [mail["To"] for mail in server.mails] == ["li@firm.example"]
    row = await mail_row(stores, "party")
    assert "li@firm.example" not in f"{row.facts}{row.subject}{row.body}{row.last_error}"


async def test_an_account_without_an_address_fails_visibly(
    stores: Stores, sink: tuple[Sink, Smtp], account: int
) -> None:
    await promised(stores, account)
    async with stores.transaction() as session:
        row = await session.get(Account, account)
        assert row is not None
        row.active = False
    await courier(stores, sink[1]).once()
    assert (await mail_row(stores)).status == "failed"


async def test_without_a_mail_server_mail_stays_pending(stores: Stores, account: int) -> None:
    await promised(stores, account)
    assert await courier(stores, None).once() is False
    assert (await mail_row(stores)).status == "pending"


def test_settings_name_the_channel_and_a_server_without_a_sender_is_refused() -> None:
    assert mail_channel(Settings()) is None
    with pytest.raises(SettingsRefused):
        mail_channel(Settings(smtp_host="mail.example"))
    channel = mail_channel(
        Settings(smtp_host="mail.example", smtp_sender="践诺 <a@mail.example>", smtp_password=SecretStr("x"))
    )
    assert channel is not None
    message = Message(key="k", kind="reminder", to=TO, subject="s", body="b", created_at=NOW)
    assert str(channel.compose(message)["Message-ID"]).endswith("@mail.example>")


class Gateway:
    """Keeps what it was given."""

    name = "sms"

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []

    async def send(self, message: Message) -> Receipt:
        self.sent.append((message.to, message.subject))
        return Receipt(self.name, message.key)


async def heads(stores: Stores) -> int:
    async with stores.transaction() as session:
        found = await session.scalar(select(Account).where(Account.login == "chief"))
        row = found or await build.person(session, "chief", "head", "VER", email="chief@unit.example")
    return row.id


async def told(stores: Stores) -> list[tuple[int | None, str, str]]:
    async with stores.transaction() as session:
        rows = await session.scalars(select(Notice).order_by(Notice.idempotency_key))
        return [(row.account_id, row.kind, row.channel) for row in rows if row.kind == "undelivered"]


async def test_a_refused_mail_goes_on_by_the_gateway_and_to_the_head_once(
    stores: Stores, sink: tuple[Sink, Smtp], account: int
) -> None:
    server, channel = sink
    server.rcpt = "550 no such user"
    head, gateway = await heads(stores), Gateway()
    await promised(stores, account)
    sender = Courier(stores, channel, lambda: NOW, gateway)
    assert await sender.once()
    assert (await mail_row(stores)).status == "failed"
    server.rcpt = "250 OK"
    while await sender.once():
        pass
    assert gateway.sent == [("mail", "待办已逾期：NMG-2026-000101")]
    assert await told(stores) == [(head, "undelivered", "inbox"), (head, "undelivered", "mail")]


async def test_a_mail_that_keeps_failing_is_handed_over_while_it_is_still_tried(
    stores: Stores, sink: tuple[Sink, Smtp], account: int
) -> None:
    server, channel = sink
    server.data = "451 try later"
    head, now = await heads(stores), [NOW]
    await promised(stores, account)
    sender = Courier(stores, channel, lambda: now[0])
    for attempt in range(1, 9):
        assert await sender.once()
        now[0] += timedelta(hours=7)
        assert ((head, "undelivered", "inbox") in await told(stores)) is (attempt >= 7)
    assert (await mail_row(stores)).status == "pending"
    assert len(await told(stores)) == 2


async def test_a_complainant_is_reached_by_telephone_and_who_accepted_the_case_is_told_without_the_name(
    stores: Stores, sink: tuple[Sink, Smtp], account: int
) -> None:
    server, channel = sink
    server.rcpt = "550 no such user"
    gateway = Gateway()
    async with stores.transaction() as session:
        await build.case(session, stores, "560", email="firm@firm.example")
        clerk = await build.person(session, "clerk560", "accepting_dept", "ACC")
    await promised(stores, None, complaint_id="560", key="p560")
    sender = Courier(stores, channel, lambda: NOW, gateway)
    while await sender.once():
        pass
    async with stores.transaction() as session:
        rows = list(await session.scalars(select(Notice).where(Notice.account_id == clerk.id)))
        sms = await session.scalar(select(Notice).where(Notice.channel == "sms"))
    assert [row.kind for row in rows] == ["undelivered"]
    assert build.FIRM not in rows[0].body
    assert "投诉人" in rows[0].body
    assert sms is not None
    assert sms.status == "failed", "this complainant left no telephone number"


async def test_rungs_wait_for_one_mail_a_day_unless_a_rung_demands_its_own(
    stores: Stores, sink: tuple[Sink, Smtp], account: int
) -> None:
    server, channel = sink
    for number, own in enumerate(("no", "no", "yes")):
        text = Written("overdue_assignee", f"待办已逾期：NMG-2026-{number}", "已到期。", {"own": own})
        async with stores.transaction() as session:
            await put(session, f"rung{number}", None, Reader(account, True), text, NOW)
    sender = courier(stores, channel)
    while await sender.once():
        pass
    subjects = sorted(str(mail["Subject"]) for mail in server.mails)
    assert subjects == ["今日事项", "待办已逾期：NMG-2026-2"]


async def test_a_mail_that_came_back_is_marked_and_handed_over_once(
    stores: Stores, sink: tuple[Sink, Smtp], account: int
) -> None:
    server, channel = sink
    head = await heads(stores)
    await promised(stores, account)
    assert await courier(stores, channel).once()
    (mail,) = server.mails
    for known, wanted in ((mail["Message-ID"], True), (mail["Message-ID"], True), ("<other@yunling.example>", False)):
        async with stores.transaction() as session:
            found = await bounced(session, str(known), "yunling.example", "550 mailbox gone", NOW, gateway=True)
        assert found is wanted
    row = await mail_row(stores)
    assert (row.status, row.last_error) == ("failed", "550 mailbox gone")
    assert await told(stores) == [(head, "undelivered", "inbox"), (head, "undelivered", "mail")]
    async with stores.transaction() as session:
        assert await session.scalar(select(Notice.status).where(Notice.channel == "sms")) == "pending"
