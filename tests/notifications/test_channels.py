"""Every channel against a real other side: a real SMTP sink, a real HTTP server."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import httpx
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from notifications.channels.http_gateway import GatewaySettings, HttpGateway
from notifications.channels.signature import verify
from notifications.channels.smtp import Smtp, SmtpSettings, Tls, message_id
from notifications.errors import DeliveryRefused, DeliveryRetryable
from notifications.message import Attachment, Message

TO = "liaison@qingsong.example"
BODY = "投诉YL-2026-000107的“核实”将于2026年9月24日24时到期，请及时办理。"


def message(**changes: Any) -> Message:
    fields: dict[str, Any] = {
        "key": "reminder:107:verification:1",
        "kind": "reminder",
        "to": TO,
        "subject": "到期提醒：YL-2026-000107",
        "body": BODY,
        "created_at": datetime(2026, 9, 23, 1, 0, tzinfo=UTC),
    }
    return Message(**(fields | changes))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Sink:
    """Keeps what arrives; ``rcpt`` and ``data`` are the answers to those commands."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.rcpt = "250 OK"
        self.data = "250 OK"
        self.port = 0

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return self.data


@pytest.fixture
def sink() -> Iterator[Sink]:
    handler = Sink()
    handler.port = free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=handler.port)
    controller.start()
    yield handler
    controller.stop()


def mailer(port: int, **changes: Any) -> Smtp:
    fields: dict[str, Any] = {
        "host": "127.0.0.1", "port": port, "sender": "践诺 <jiannuo@yunling.example>", "domain": "yunling.example",
        "tls": Tls.NONE, "timeout_seconds": 5.0,
    }  # fmt: skip
    return Smtp(SmtpSettings(**(fields | changes)))


async def test_a_mail_arrives_as_it_was_written(sink: Sink) -> None:
    letter = Attachment("线索转交函.pdf", "application/pdf", b"%PDF-1.7")
    receipt = await mailer(sink.port).send(message(attachments=(letter,)))
    (mail,) = sink.mails
    assert str(mail["Subject"]) == "到期提醒：YL-2026-000107"
    assert mail.get_body().get_content().strip() == BODY  # type: ignore[union-attr]
    assert [part.get_filename() for part in mail.iter_attachments()] == ["线索转交函.pdf"]
    assert receipt.reference == mail["Message-ID"]


async def test_a_resend_carries_the_same_message_id(sink: Sink) -> None:
    for _ in range(2):
        await mailer(sink.port).send(message())
    await mailer(sink.port).send(message(key="another"))
    first, second, other = (mail["Message-ID"] for mail in sink.mails)
    assert first == second == message_id("reminder:107:verification:1", "yunling.example")
    assert other != first


async def test_a_refused_connection_may_be_tried_again() -> None:
    with pytest.raises(DeliveryRetryable):
        await mailer(free_port()).send(message())


@pytest.mark.parametrize("stage", ["rcpt", "data"])
@pytest.mark.parametrize(
    ("answer", "error"), [("451 busy " + TO, DeliveryRetryable), ("550 no " + TO, DeliveryRefused)]
)
async def test_the_servers_answer_decides_and_its_words_stay_out(
    sink: Sink, stage: str, answer: str, error: type[Exception]
) -> None:
    setattr(sink, stage, answer)
    with pytest.raises(error) as told:
        await mailer(sink.port).send(message())
    assert answer[:3] in str(told.value)
    assert TO not in str(told.value)


@asynccontextmanager
async def silent_server() -> AsyncIterator[int]:
    """Accepts and never speaks until it is closed."""
    closing = asyncio.Event()

    async def hold(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await closing.wait()
        writer.close()

    server = await asyncio.start_server(hold, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        closing.set()
        server.close()
        await server.wait_closed()


async def test_a_server_that_never_answers_is_given_up_in_time() -> None:
    async with silent_server() as port, asyncio.timeout(5):
        with pytest.raises(DeliveryRetryable):
            await mailer(port, timeout_seconds=0.3).send(message())


async def test_a_server_without_the_demanded_tls_is_not_spoken_to_in_clear(sink: Sink) -> None:
    with pytest.raises(DeliveryRetryable):
        await mailer(sink.port, tls=Tls.STARTTLS).send(message())
    assert sink.mails == []


async def test_an_address_cannot_add_headers(sink: Sink) -> None:
    with pytest.raises(DeliveryRefused):
        await mailer(sink.port).send(message(to="a@b.example\r\nBcc: c@d.example"))
    assert sink.mails == []


def test_a_message_in_a_log_tells_no_personal_data() -> None:
    assert TO not in repr(message())
    assert "YL-2026" not in repr(message())


@asynccontextmanager
async def http_server(status: int, body: bytes, seen: list[tuple[dict[str, str], bytes]]) -> AsyncIterator[str]:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
        seen.append((headers, await reader.readexactly(int(headers["content-length"]))))
        writer.write(f"HTTP/1.1 {status} X\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/send"
    finally:
        server.close()
        await server.wait_closed()


def gateway(url: str, client: httpx.AsyncClient, timeout: float = 5.0) -> HttpGateway:
    clock: Callable[[], int] = lambda: 1_790_000_000  # noqa: E731
    return HttpGateway(GatewaySettings("sms", url, "jiannuo", b"secret", timeout), client, clock, lambda: "n-1")


async def test_the_gateway_can_check_who_sends_and_that_nothing_was_changed() -> None:
    seen: list[tuple[dict[str, str], bytes]] = []
    async with http_server(200, b'{"id": "g-7"}', seen) as url, httpx.AsyncClient() as client:
        receipt = await gateway(url, client).send(message())
    assert receipt.reference == "g-7"
    ((headers, body),) = seen
    assert headers["idempotency-key"] == "reminder:107:verification:1"
    stamp, nonce, signature = (headers[f"x-jiannuo-{name}"] for name in ("timestamp", "nonce", "signature"))
    assert verify(b"secret", int(stamp), nonce, body, signature)
    assert not verify(b"secret", int(stamp), nonce, body + b" ", signature)
    assert not verify(b"secret", int(stamp) + 1, nonce, body, signature)
    assert json.loads(body)["body"] == BODY


@pytest.mark.parametrize(
    ("status", "error"),
    [(500, DeliveryRetryable), (503, DeliveryRetryable), (429, DeliveryRetryable), (400, DeliveryRefused),
     (403, DeliveryRefused), (302, DeliveryRefused)],
)  # fmt: skip
async def test_the_gateways_status_decides(status: int, error: type[Exception]) -> None:
    async with http_server(status, b"", []) as url, httpx.AsyncClient() as client:
        with pytest.raises(error, match=str(status)):
            await gateway(url, client).send(message())


async def test_a_gateway_that_knows_the_key_has_delivered_it() -> None:
    async with http_server(409, b"", []) as url, httpx.AsyncClient() as client:
        assert (await gateway(url, client).send(message())).reference == "reminder:107:verification:1"


async def test_a_dead_or_silent_gateway_may_be_tried_again() -> None:
    async with httpx.AsyncClient() as client:
        with pytest.raises(DeliveryRetryable):
            await gateway(f"http://127.0.0.1:{free_port()}/send", client).send(message())
        async with silent_server() as port:
            with pytest.raises(DeliveryRetryable):
                await gateway(f"http://127.0.0.1:{port}/send", client, timeout=0.3).send(message())
