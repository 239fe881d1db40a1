"""One message to one addressee by one channel. Its printed form holds no personal data, so that it may reach a log."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    media_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """``key`` is the idempotency key: the same key is the same message, whoever sends it and how often.

    ``to`` is what the channel addresses by: a mail address, a telephone number, a chat or account id.
    """

    key: str
    kind: str
    to: str = field(repr=False)
    subject: str = field(repr=False)
    body: str = field(repr=False)
    created_at: datetime
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the other side gave in exchange: its own reference, to be kept with the notice."""

    channel: str
    reference: str
