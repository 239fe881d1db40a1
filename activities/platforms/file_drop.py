"""A platform without an interface: files that a person carries over, and a manifest of them.

No receipt comes back by itself: the message stays "exported" until the person enters it.
"""

from __future__ import annotations

import asyncio
import csv
import hashlib
import io
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from activities.platforms.port import Answer, Envelope
from notifications.errors import DeliveryRetryable

MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class FilePlatform:
    """One JSON file a message (a CSV beside it where it is a table), named by its key: sent twice, it is one file."""

    name: str
    folder: Path

    async def send(self, envelope: Envelope) -> Answer:
        try:
            return Answer(await asyncio.to_thread(self._write, envelope), received=False)
        except OSError as failure:
            raise DeliveryRetryable(f"无法写入{self.name}的报送目录（{type(failure).__name__}），稍后重试。") from None

    def _write(self, envelope: Envelope) -> str:
        self.folder.mkdir(parents=True, exist_ok=True)
        stem = f"{envelope.created_at[:10]}-{hashlib.sha256(envelope.key.encode()).hexdigest()[:16]}"
        document = {"key": envelope.key, **envelope.document()}
        files = {f"{stem}.json": json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True).encode()}
        table = _table(envelope.content)
        if table:
            files[f"{stem}.csv"] = table
        for name, data in files.items():
            _replace(self.folder / name, data)
        self._list(files)
        return f"{stem}.json"

    def _list(self, files: Mapping[str, bytes]) -> None:
        """The manifest is written last, so that what it names is complete."""
        path = self.folder / MANIFEST
        listed: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
        listed |= {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
        _replace(path, json.dumps(listed, indent=1, sort_keys=True).encode())


def _table(content: Mapping[str, Any]) -> bytes | None:
    """The lines of a report as CSV, with the byte order mark that spreadsheets need to read Chinese."""
    rows = next((v for v in content.values() if isinstance(v, list) and v and isinstance(v[0], dict)), None)
    if rows is None:
        return None
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _cell(value: Any) -> Any:
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False)
    # A cell that begins like a formula would be run by the spreadsheet that opens it.
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@\t\r" else value


def _replace(target: Path, data: bytes) -> None:
    with tempfile.NamedTemporaryFile(dir=target.parent, suffix=".part", delete=False) as half:
        half.write(data)
        half.flush()
        # The rename must not reach the disk before the bytes do.
        os.fsync(half.fileno())
    os.replace(half.name, target)
