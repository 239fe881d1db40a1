"""Notice rows: one message to one addressee by one channel, once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from cases.tables.letters import Notice

INBOX = "inbox"
MAIL = "mail"


@dataclass(frozen=True)
class Written:
    """A notice in words. ``facts`` say what it is about, without personal data."""

    kind: str
    subject: str
    body: str = field(repr=False)
    facts: Mapping[str, str]


@dataclass(frozen=True)
class Reader:
    """An account, or (``account_id`` None) the complainant, who reads on its case page. ``mail``: has an address."""

    account_id: int | None
    mail: bool

    @property
    def key(self) -> str:
        return "party" if self.account_id is None else str(self.account_id)


async def put(
    session: AsyncSession, key: str, complaint_id: str | None, reader: Reader, written: Written, at: datetime
) -> None:
    """In the inbox at once; by mail when the courier has sent it. The same ``key`` again changes nothing."""
    for channel in (INBOX, *((MAIL,) if reader.mail else ())):
        here = channel == INBOX
        row = insert(Notice).values(
            idempotency_key=f"{key}:{reader.key}:{channel}", kind=written.kind, complaint_id=complaint_id,
            channel=channel, account_id=reader.account_id, to_party=reader.account_id is None,
            facts=dict(written.facts), subject=written.subject, body=written.body,
            status="sent" if here else "pending", attempts=0, created_at=at, sent_at=at if here else None,
        )  # fmt: skip
        await session.execute(row.on_conflict_do_nothing())
