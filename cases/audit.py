"""The append-only log of official facts, each entry chained to the one before by SHA-256."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from cases.tables.ledger import AuditEntry

# Any constant: writers take turns, so that each sees the entry before its own.
_LOCK = text("SELECT pg_advisory_xact_lock(7140002)")


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
    await session.execute(_LOCK)
    last = await session.scalar(select(AuditEntry).order_by(AuditEntry.number.desc()).limit(1))
    number = (last.number if last else 0) + 1
    body = dict(facts or {})
    digest = digest_of(last.digest if last else "", at, actor, act, complaint_id, body)
    session.add(
        AuditEntry(
            number=number, at=at, recorded_at=recorded_at, actor=actor, act=act, complaint_id=complaint_id,
            basis=basis, facts=body, digest=digest,
        )
    )  # fmt: skip
    await session.flush()


async def broken_at(session: AsyncSession) -> int | None:
    """The number of the first entry whose digest does not follow from the one before, or None."""
    previous = ""
    for entry in await session.scalars(select(AuditEntry).order_by(AuditEntry.number)):
        expected = digest_of(previous, entry.at, entry.actor, entry.act, entry.complaint_id, entry.facts)
        if entry.digest != expected:
            return entry.number
        previous = entry.digest
    return None
