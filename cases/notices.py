"""Notice rows: one message to one addressee by one channel, once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from cases.tables.letters import Notice

INBOX = "inbox"
MAIL = "mail"
_TABLE = cast(Table, Notice.__table__)


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
    await put_all(session, rows_of(key, complaint_id, reader, written, at))


def rows_of(
    key: str, complaint_id: str | None, reader: Reader, written: Written, at: datetime
) -> list[dict[str, Any]]:
    """One row per channel."""
    return [
        {
            "idempotency_key": f"{key}:{reader.key}:{channel}", "kind": written.kind, "complaint_id": complaint_id,
            "channel": channel, "account_id": reader.account_id, "to_party": reader.account_id is None,
            "facts": dict(written.facts), "subject": written.subject, "body": written.body,
            "status": "sent" if channel == INBOX else "pending", "attempts": 0, "created_at": at,
            "sent_at": at if channel == INBOX else None,
        }
        for channel in (INBOX, *((MAIL,) if reader.mail else ()))
    ]  # fmt: skip


async def put_all(session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """In one round trip for hundreds of rows. One statement of all values would be compiled anew for every batch,
    which takes longer than writing the rows.
    """
    if rows:
        # The table, not the class: by class, rows with and without a time of sending are sent one by one.
        await session.flush()
        await session.execute(insert(_TABLE).on_conflict_do_nothing(), [dict(row) for row in rows])
