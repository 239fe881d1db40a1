"""Mail by SMTP."""

from __future__ import annotations

import asyncio
import hashlib
import ssl
from dataclasses import dataclass, field
from email.errors import HeaderParseError
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime
from enum import StrEnum

import aiosmtplib

from notifications.errors import DeliveryError, DeliveryRefused, DeliveryRetryable
from notifications.message import Message, Receipt


class Tls(StrEnum):
    NONE = "none"
    STARTTLS = "starttls"
    IMPLICIT = "implicit"


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """``sender`` may be ``践诺 <jiannuo@example.cn>``; ``domain`` is the right side of every Message-ID."""

    host: str
    port: int
    sender: str
    domain: str
    tls: Tls = Tls.STARTTLS
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    timeout_seconds: float = 30.0
    ca_file: str | None = None


class Smtp:
    """One connection a message: notices are few, and a connection kept open is one more thing that goes stale."""

    name = "smtp"

    def __init__(self, settings: SmtpSettings) -> None:
        self._settings = settings

    async def send(self, message: Message) -> Receipt:
        mail = self.compose(message)
        try:
            # A server that trickles bytes passes every timeout of a single read; this one bounds the whole.
            async with asyncio.timeout(self._settings.timeout_seconds):
                await self._deliver(mail)
        except TimeoutError:
            raise DeliveryRetryable("邮件服务器响应超时，稍后重试。") from None
        except (aiosmtplib.SMTPException, OSError) as failure:
            raise classify(failure) from None
        return Receipt(self.name, str(mail["Message-ID"]))

    def compose(self, message: Message) -> EmailMessage:
        """The mail; its Message-ID is made of the key, so that a resend is recognised. Raises DeliveryRefused."""
        mail = EmailMessage(policy=SMTP_POLICY)
        try:
            mail["From"] = self._settings.sender
            mail["To"] = message.to
            mail["Subject"] = message.subject
        except (ValueError, HeaderParseError):
            # A line break in an address or subject would add headers of its own.
            raise DeliveryRefused("邮件地址或者标题含有不允许的字符，无法发送。") from None
        mail["Date"] = format_datetime(message.created_at)
        mail["Message-ID"] = message_id(message.key, self._settings.domain)
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(message.body)
        for attachment in message.attachments:
            main, _, sub = attachment.media_type.partition("/")
            mail.add_attachment(attachment.data, maintype=main, subtype=sub, filename=attachment.name)
        return mail

    async def _deliver(self, mail: EmailMessage) -> None:
        settings = self._settings
        encrypted = settings.tls is not Tls.NONE
        await aiosmtplib.send(
            mail,
            hostname=settings.host,
            port=settings.port,
            username=settings.username,
            password=settings.password,
            use_tls=settings.tls is Tls.IMPLICIT,
            start_tls=settings.tls is Tls.STARTTLS,
            tls_context=ssl.create_default_context(cafile=settings.ca_file) if encrypted else None,
            timeout=settings.timeout_seconds,
        )


def message_id(key: str, domain: str) -> str:
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{domain}>"


def classify(failure: BaseException) -> DeliveryError:
    """5xx to sender, recipient or content is final; everything else (4xx, connection, login, TLS) may pass.

    A wrong password is an operator's mistake that will be mended: the mail waits for it. The server's words stay out:
    they repeat addresses.
    """
    code = _code(failure)
    final = isinstance(failure, aiosmtplib.SMTPRecipientsRefused | _CONTENT_ERRORS) and code is not None and code >= 500
    what = f"SMTP {code}" if code is not None else type(failure).__name__
    if final:
        return DeliveryRefused(f"邮件服务器拒收（{what}），请核对收件地址。")
    return DeliveryRetryable(f"邮件暂时无法发出（{what}），稍后重试。")


_CONTENT_ERRORS = aiosmtplib.SMTPSenderRefused | aiosmtplib.SMTPRecipientRefused | aiosmtplib.SMTPDataError


def _code(failure: BaseException) -> int | None:
    if isinstance(failure, aiosmtplib.SMTPRecipientsRefused):
        # One of several may pass later; only when all are final is the whole.
        return min(refused.code for refused in failure.recipients)
    if isinstance(failure, aiosmtplib.SMTPResponseException):
        return failure.code
    return None
