"""The identity vault: who complained, sealed with AES-256-GCM. Opening it is an act that the audit log records."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from hashlib import sha256
from hmac import new as hmac

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12


@dataclass(frozen=True)
class Identity:
    """The complainant as given: enterprise, and the person to reach. ``consent`` lets the respondent see the name."""

    name: str
    uscc: str
    contact_role: str = ""
    contact_phone: str = ""
    contact_email: str = ""
    consent: bool = False

    def hidden_in(self, text: str, alias: str) -> str:
        """The text with the name and the numbers replaced by the alias; as it is when the complainant consented."""
        bare = self.name.replace("（虚构）", "").replace("(虚构)", "")
        secrets = () if self.consent else (self.name, bare, self.uscc, self.contact_phone, self.contact_email)
        for secret in secrets:
            if len(secret) >= 4:
                text = text.replace(secret, alias)
        return text


class Vault:
    """``key``: 32 bytes. The same key makes the digest by which duplicates are found without opening anything."""

    def __init__(self, key: bytes) -> None:
        if len(key) != 32:
            raise ValueError("The vault key must be 32 bytes; see JIANNUO_VAULT_KEY in docs/operating.md.")
        self._cipher = AESGCM(key)
        self._key = key

    def seal(self, complaint_id: str, identity: Identity) -> bytes:
        """Bound to the complaint: a row copied to another complaint does not open."""
        nonce = os.urandom(NONCE_BYTES)
        text = json.dumps(asdict(identity), ensure_ascii=False).encode()
        return nonce + self._cipher.encrypt(nonce, text, complaint_id.encode())

    def open(self, complaint_id: str, sealed: bytes) -> Identity:
        nonce, text = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
        return Identity(**json.loads(self._cipher.decrypt(nonce, text, complaint_id.encode())))

    def digest(self, uscc: str) -> str:
        return hmac(self._key, uscc.strip().upper().encode(), sha256).hexdigest()
