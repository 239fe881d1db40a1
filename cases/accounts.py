"""Staff accounts: argon2 passwords, sessions in the database with an idle and an absolute limit."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from cases import attempts, audit
from cases.attempts import ADDRESS, LOGIN
from cases.errors import Forbidden
from cases.tables.organisations import Account, LoginSession

IDLE = timedelta(minutes=30)
WHOLE = timedelta(hours=12)
# Every request of a page would otherwise write a row.
TOUCH = timedelta(minutes=1)
MAX_PASSWORD = 256

_hasher = PasswordHasher()
# Verified when the login is unknown, so that the answer takes as long as for a known one.
_NOBODY = _hasher.hash("nobody")


@dataclass(frozen=True)
class SignedIn:
    """``csrf`` must come back with every form of this session."""

    account: Account
    csrf: str


def hash_password(password: str) -> str:
    return _hasher.hash(password)


def token_hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()


async def sign_in(session: AsyncSession, login: str, password: str, address: str, now: datetime) -> str | None:
    """The session token, or None for a wrong login or password: the failure is counted, so the caller commits.

    Raises TooMany.
    """
    tried = {LOGIN: login, ADDRESS: address}
    await attempts.require_few(session, now, tried)
    account = await session.scalar(select(Account).where(Account.login == login.strip(), Account.active))
    if not _matches(account.password_hash if account else _NOBODY, password) or account is None:
        await attempts.note_failure(session, now, tried)
        return None
    if _hasher.check_needs_rehash(account.password_hash):
        account.password_hash = hash_password(password)
    await attempts.forget_failures(session, LOGIN, login)
    await session.execute(delete(LoginSession).where(LoginSession.seen_at < now - WHOLE))
    token = secrets.token_urlsafe(32)
    session.add(
        LoginSession(
            token_hash=token_hash(token),
            account_id=account.id,
            csrf=secrets.token_urlsafe(24),
            created_at=now,
            seen_at=now,
        )
    )
    await audit.append(session, at=now, recorded_at=now, actor=f"account:{account.id}", act="sign_in")
    return token


async def signed_in(session: AsyncSession, token: str, now: datetime) -> SignedIn | None:
    """None when the session is unknown, idle too long, too old, or its account was closed."""
    row = (
        await session.execute(
            select(LoginSession, Account)
            .join(Account, Account.id == LoginSession.account_id)
            .where(
                LoginSession.token_hash == token_hash(token),
                LoginSession.seen_at > now - IDLE,
                LoginSession.created_at > now - WHOLE,
                Account.active,
            )
        )
    ).first()
    if row is None:
        return None
    found, account = row
    if found.seen_at < now - TOUCH:
        await session.execute(
            update(LoginSession).where(LoginSession.token_hash == found.token_hash).values(seen_at=now)
        )
    return SignedIn(account, found.csrf)


async def lapsed(session: AsyncSession, token: str) -> SignedIn | None:
    """Whose session it was, however long ago it ended by itself: nothing may be read or done by it."""
    found = await session.get(LoginSession, token_hash(token))
    account = await session.get(Account, found.account_id) if found else None
    return SignedIn(account, found.csrf) if found and account and account.active else None


async def sign_out(session: AsyncSession, token: str) -> None:
    await session.execute(delete(LoginSession).where(LoginSession.token_hash == token_hash(token)))


async def change_password(session: AsyncSession, account: Account, old: str, new: str, now: datetime) -> None:
    """Ends every other session of the account. Raises Forbidden when the old password is wrong."""
    if not _matches(account.password_hash, old):
        raise Forbidden("原密码不正确。")
    account.password_hash = hash_password(new)
    await session.execute(delete(LoginSession).where(LoginSession.account_id == account.id))
    await audit.append(session, at=now, recorded_at=now, actor=f"account:{account.id}", act="change_password")


def _matches(hashed: str, password: str) -> bool:
    # argon2 of a megabyte costs the server more than the sender.
    if len(password) > MAX_PASSWORD:
        return False
    try:
        return _hasher.verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False
