"""Messages as JSON files in a folder that a gateway without an interface of its own collects."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import tempfile
from pathlib import Path

from notifications.errors import DeliveryRetryable
from notifications.message import Message, Receipt


class FileDrop:
    """One file a message, named by the hash of its key: sent twice, it is one file. Half a file is never seen."""

    def __init__(self, name: str, folder: Path) -> None:
        self._name = name
        self._folder = folder

    @property
    def name(self) -> str:
        return self._name

    async def send(self, message: Message) -> Receipt:
        reference = f"{hashlib.sha256(message.key.encode()).hexdigest()[:32]}.json"
        try:
            await asyncio.to_thread(self._write, message, self._folder / reference)
        except OSError as failure:
            raise DeliveryRetryable(f"无法写入{self._name}投递目录（{type(failure).__name__}），稍后重试。") from None
        return Receipt(self._name, reference)

    def _write(self, message: Message, target: Path) -> None:
        if target.exists():
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        content = {
            "key": message.key,
            "kind": message.kind,
            "to": message.to,
            "subject": message.subject,
            "body": message.body,
            "created_at": message.created_at.isoformat(),
        }
        with tempfile.NamedTemporaryFile(dir=target.parent, suffix=".part", delete=False) as half:
            half.write(json.dumps(content, ensure_ascii=False, indent=1).encode())
            half.flush()
            # The rename must not reach the disk before the bytes do.
            os.fsync(half.fileno())
        os.replace(half.name, target)
