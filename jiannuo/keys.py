"""The keys: of the identity vault, of payloads. Named by settings, or made once and kept in the data folder."""

from __future__ import annotations

import base64
import binascii
import contextlib
import os
from dataclasses import dataclass, field
from pathlib import Path

from jiannuo.errors import SettingsRefused
from jiannuo.settings import Settings

BYTES = 32


@dataclass(frozen=True)
class Keys:
    """``payload`` newest first: the first seals, all open."""

    vault: bytes = field(repr=False)
    payload: tuple[bytes, ...] = field(repr=False)


def load_keys(settings: Settings) -> Keys:
    """Raises SettingsRefused for a key that is not 32 bytes in base64. Backups need these keys too."""
    vault = settings.vault_key.get_secret_value() if settings.vault_key else _kept(settings.data_dir, "vault")
    named = settings.payload_keys.get_secret_value() if settings.payload_keys else _kept(settings.data_dir, "payload")
    return Keys(_decoded("JIANNUO_VAULT_KEY", vault), tuple(_decoded("JIANNUO_PAYLOAD_KEYS", k) for k in named.split()))


def receiver_secret(settings: Settings) -> bytes:
    """Shared by the worker and the reference receiver: named, or the one kept in the data folder that both use."""
    named = settings.receiver_secret
    return (named.get_secret_value() if named else _kept(settings.data_dir, "receiver")).encode()


def _kept(folder: Path, name: str) -> str:
    path = folder / "keys" / f"{name}.key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(f".{os.getpid()}")
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(base64.b64encode(os.urandom(BYTES)).decode())
        # The first of two processes that start at once wins; link, unlike rename, never replaces.
        with contextlib.suppress(FileExistsError):
            os.link(unfinished, path)
        unfinished.unlink()
    return path.read_text().strip()


def _decoded(name: str, text: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except binascii.Error:
        key = b""
    if len(key) != BYTES:
        raise SettingsRefused(f"{name} must be {BYTES} bytes in base64, such as openssl rand -base64 {BYTES} prints.")
    return key
