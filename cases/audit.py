"""The append-only log of official facts, each entry chained to the one before by SHA-256."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from cases.statements import run, table_of
from cases.tables.ledger import AuditEntry

# Any constant: writers take turns, so that each sees the entry before its own.
_LOCK = text("SELECT pg_advisory_xact_lock(7140002)")
_TABLE = table_of(AuditEntry)
_LAST = select(_TABLE.c.number, _TABLE.c.digest).order_by(_TABLE.c.number.desc()).limit(1)
_APPEND = insert(_TABLE)


def digest_of(
    previous: str, at: datetime, actor: str, act: str, complaint_id: str | None, facts: Mapping[str, Any]
) -> str:
    entry = [previous, at.astimezone(UTC).isoformat(), actor, act, complaint_id, facts]
    body = json.dumps(entry, ensure_ascii=False, sort_keys=True)
    return sha256(body.encode()).hexdigest()


async def append(
    session: AsyncSession,
    *,
    at: datetime,
    recorded_at: datetime,
    actor: str,
    act: str,
    complaint_id: str | None = None,
    basis: str | None = None,
    facts: Mapping[str, Any] | None = None,
) -> None:
    """``facts`` hold ids and codes only, never a name or a telephone number."""
    await run(session, _LOCK, {})
    last = (await session.execute(_LAST)).one_or_none()
    number, previous = (last.number + 1, last.digest) if last else (1, "")
    body = dict(facts or {})
    entry = {
        "number": number, "at": at, "recorded_at": recorded_at, "actor": actor, "act": act,
        "complaint_id": complaint_id, "basis": basis, "facts": body,
        "digest": digest_of(previous, at, actor, act, complaint_id, body),
    }  # fmt: skip
    await session.execute(_APPEND, entry)


async def broken_at(session: AsyncSession) -> int | None:
    """The number of the first entry whose digest does not follow from the one before, or None."""
    previous = ""
    for entry in await session.scalars(select(AuditEntry).order_by(AuditEntry.number)):
        expected = digest_of(previous, entry.at, entry.actor, entry.act, entry.complaint_id, entry.facts)
        if entry.digest != expected:
            return entry.number
        previous = entry.digest
    return None
