"""Mail that does not arrive goes on by the gateway and to the head of the unit, once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from activities.stores import Stores
from cases.tables.letters import Notice
from cases.tables.organisations import Account
from jiannuo.courier import Courier, bounced
from notifications.channels.smtp import Smtp
from notifications.message import Message, Receipt
from tests.activities import case_builders as build
from tests.activities.mail_sink import NOW, Sink, courier, mail_row, promised

pytestmark = pytest.mark.usefixtures("account")


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
