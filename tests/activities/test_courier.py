"""Mail goes from the database to a real SMTP server once, and its state is visible whatever happens on the way."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from pydantic import SecretStr

from activities.stores import Stores
from cases.notices import Reader, Written, put
from cases.tables.organisations import Account
from jiannuo.courier import Courier
from jiannuo.errors import SettingsRefused
from jiannuo.mail import mail_channel
from jiannuo.settings import Settings
from notifications.channels.smtp import Smtp
from notifications.message import Message, Receipt
from tests.activities import case_builders as build
from tests.activities.mail_sink import NOW, TO, Sink, courier, mail_row, promised

pytestmark = pytest.mark.usefixtures("account")


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
