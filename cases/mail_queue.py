"""Mail that waits to be sent: which row is due, and what became of it. Whoever sends holds the row's lock meanwhile."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, not_, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from cases.notices import MAIL
from cases.tables.complaints import Party
from cases.tables.letters import Notice
from cases.tables.organisations import Account
from cases.vault import Vault

RETRY_AT = "retry_at"
# Set by a rung that demands a message of its own (or that does not); without it the kind of notice decides.
OWN = "own"
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
# With these pauses the last attempt comes about three days after the first.
ATTEMPTS = 20
WAITING = (Notice.channel == MAIL, Notice.status == "pending")


def _for_digest(digest_kinds: Collection[str]) -> ColumnElement[bool]:
    own = func.coalesce(Notice.facts[OWN].astext, "")
    return or_(own == "no", and_(own == "", Notice.kind.in_(digest_kinds)))


async def next_due(
    session: AsyncSession, now: datetime, digest_kinds: Collection[str], channel: str = MAIL
) -> Notice | None:
    """The oldest message that goes out by itself; what another courier holds is passed over."""
    retry_at = Notice.facts[RETRY_AT].astext
    return await session.scalar(
        select(Notice)
        .where(Notice.channel == channel, Notice.status == "pending", or_(retry_at.is_(None), retry_at <= _stamp(now)))
        .where(true() if channel != MAIL else not_(_for_digest(digest_kinds)))
        .order_by(Notice.created_at, Notice.idempotency_key)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


async def for_digest(session: AsyncSession, digest_kinds: Collection[str]) -> list[Notice]:
    rows = await session.scalars(
        select(Notice)
        .where(*WAITING, _for_digest(digest_kinds))
        .order_by(Notice.created_at, Notice.idempotency_key)
        .with_for_update(skip_locked=True)
    )
    return list(rows)


async def address_of(session: AsyncSession, vault: Vault, row: Notice) -> str | None:
    """Where the message goes, read only now: the notice itself holds no address.

    A gateway knows staff by their login and reaches a complainant by telephone.
    """
    if row.account_id is not None:
        account = await session.get(Account, row.account_id)
        if account is None or not account.active:
            return None
        return account.email if row.channel == MAIL else account.login
    party = await session.get(Party, row.complaint_id) if row.complaint_id else None
    if party is None or row.complaint_id is None:
        return None
    identity = vault.open(row.complaint_id, party.sealed)
    return (identity.contact_email if row.channel == MAIL else identity.contact_phone) or None


def sent(row: Notice, now: datetime) -> None:
    row.status, row.sent_at, row.last_error = "sent", now, None


def refused(row: Notice, sentence: str) -> None:
    row.status, row.last_error = "failed", sentence


def later(row: Notice, sentence: str, now: datetime) -> None:
    """Try again after a pause that doubles; for good after ``ATTEMPTS``."""
    if row.attempts >= ATTEMPTS:
        refused(row, sentence)
        return
    pause = min(FIRST_PAUSE * 2 ** (row.attempts - 1), LONGEST_PAUSE)
    row.last_error = sentence
    row.facts = {**row.facts, RETRY_AT: _stamp(now + pause)}


def _stamp(at: datetime) -> str:
    # Of one width and in UTC, so that the texts sort as the instants do.
    return at.astimezone(UTC).isoformat(timespec="seconds")
