"""The complainant's access code: eight digits, kept as an argon2 hash. A SHA-256 of earlier is replaced when used."""

from __future__ import annotations

import asyncio
import hmac
import secrets
from hashlib import sha256

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from cases.tables.complaints import Complaint

MAX_CODE = 40
# Eight digits are few: the attempts are counted, and a stolen table must not give them away within minutes.
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
# Verified when the number is unknown, so that the answer takes as long as for a known one.
_NOBODY = _hasher.hash("nobody")


def new_code() -> str:
    return f"{secrets.randbelow(10**8):08d}"


async def hash_code(code: str) -> str:
    """In a thread: argon2 is slow by design, and other requests go on."""
    return await asyncio.to_thread(_hasher.hash, code)


async def matches(complaint: Complaint | None, code: str) -> bool:
    """A case of before argon2 gets its new hash with the first right code; the caller commits."""
    code = code.strip()[:MAX_CODE]
    kept = (complaint.access_code_hash if complaint is not None else None) or _NOBODY
    if complaint is None or kept.startswith("$argon2"):
        return await asyncio.to_thread(_verified, kept, code) and complaint is not None
    plain = sha256(f"{complaint.id}:{code}".encode()).hexdigest()
    if not hmac.compare_digest(kept, plain):
        return False
    complaint.access_code_hash = await hash_code(code)
    return True


def _verified(kept: str, code: str) -> bool:
    try:
        return _hasher.verify(kept, code)
    except (VerificationError, InvalidHashError):
        return False
