"""What the reference receiver has, as a platform would: append-only lines, read again at the next start."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Received:
    receipt: str
    platform: str
    key: str
    digest: str
    received_at: str
    document: dict[str, Any]

    @property
    def subject(self) -> str:
        return str(self.document["subject"])

    @property
    def sequence(self) -> int:
        return int(self.document["sequence"])


class Refused(Exception):
    """``status`` is the HTTP status of the refusal, ``reason`` a code for programs."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


@dataclass
class Ledger:
    """``file`` None keeps it in memory only."""

    file: Path | None = None
    messages: list[Received] = field(default_factory=list)
    duplicates: int = 0
    statuses: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)
    _by_key: dict[tuple[str, str], Received] = field(default_factory=dict)
    _newest: dict[tuple[str, str], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.file is not None and self.file.exists():
            # A line that was cut off by a kill was never answered with a receipt: it is dropped, and sent again.
            whole = [line for line in self.file.read_text().splitlines(keepends=True) if line.endswith("\n")]
            self.file.write_text("".join(whole))
            for line in whole:
                self._keep(Received(**json.loads(line)))

    def accept(self, platform: str, key: str, body: bytes, received_at: str) -> Received:
        """The same message again gets the same receipt. Raises Refused."""
        digest = sha256(body).hexdigest()
        known = self._by_key.get((platform, key))
        if known is not None:
            if known.digest != digest:
                raise Refused(409, "another_body_under_this_key")
            self.duplicates += 1
            return known
        document = _document(body)
        if document["sequence"] <= self._newest.get((platform, document["subject"]), 0):
            raise Refused(409, "older_than_what_is_here")
        receipt = f"R-{len(self.messages) + 1:06d}-{digest[:8]}"
        message = Received(receipt, platform, key, digest, received_at, document)
        self._write(message)
        self._keep(message)
        return message

    def find(self, platform: str, key: str) -> Received | None:
        return self._by_key.get((platform, key))

    def _keep(self, message: Received) -> None:
        self.messages.append(message)
        self._by_key[message.platform, message.key] = message
        self._newest[message.platform, message.subject] = message.sequence

    def _write(self, message: Received) -> None:
        """On disk before the receipt is given: a receipt is a promise."""
        if self.file is None:
            return
        self.file.parent.mkdir(parents=True, exist_ok=True)
        with self.file.open("a") as lines:
            lines.write(json.dumps(asdict(message), ensure_ascii=False) + "\n")
            lines.flush()
            os.fsync(lines.fileno())


def _document(body: bytes) -> dict[str, Any]:
    try:
        document = json.loads(body)
    except ValueError:
        raise Refused(422, "not_json") from None
    if not isinstance(document, dict):
        raise Refused(422, "not_an_object")
    wanted = {"kind": str, "subject": str, "sequence": int, "content": dict}
    wrong = [name for name, type_ in wanted.items() if not isinstance(document.get(name), type_)]
    if wrong:
        raise Refused(422, f"field_{wrong[0]}")
    return document
