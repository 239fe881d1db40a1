"""HMAC over time, nonce and body, the one scheme of all our HTTP interfaces."""

from __future__ import annotations

import hashlib
import hmac


def sign(secret: bytes, timestamp: int, nonce: str, body: bytes) -> str:
    """HMAC-SHA256 in hex over ``timestamp``, ``nonce`` and ``body``, each on its own line."""
    signed = b"\n".join((str(timestamp).encode(), nonce.encode(), body))
    return hmac.new(secret, signed, hashlib.sha256).hexdigest()


def verify(secret: bytes, timestamp: int, nonce: str, body: bytes, signature: str) -> bool:
    """Compared in constant time."""
    return hmac.compare_digest(sign(secret, timestamp, nonce, body), signature)
