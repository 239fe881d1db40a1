"""Who may speak: signature, time and nonce of a request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from jiannuo.receiver.ledger import Refused
from notifications.channels.signature import verify

TOLERANCE_S = 300


@dataclass
class Guard:
    """A nonce is remembered as long as its timestamp would be let in."""

    secret: bytes = field(repr=False)
    _nonces: dict[str, int] = field(default_factory=dict)

    def admit(self, headers: Mapping[str, str], body: bytes, now: int) -> None:
        """Raises Refused with 401."""
        timestamp, nonce = headers.get("x-jiannuo-timestamp", ""), headers.get("x-jiannuo-nonce", "")
        if not timestamp.isdecimal() or not nonce:
            raise Refused(401, "unsigned")
        if not verify(self.secret, int(timestamp), nonce, body, headers.get("x-jiannuo-signature", "")):
            raise Refused(401, "signature")
        if abs(now - int(timestamp)) > TOLERANCE_S:
            raise Refused(401, "timestamp")
        self._nonces = {known: at for known, at in self._nonces.items() if now - at <= 2 * TOLERANCE_S}
        if nonce in self._nonces:
            raise Refused(401, "nonce")
        self._nonces[nonce] = now
