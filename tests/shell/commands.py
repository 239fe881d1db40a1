"""Commands of ours against the servers of a test."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from jiannuo.embedded.temporal_namespace import NAMESPACE
from tests.shell.shell import KEY, Shell


def commands(
    app: typer.Typer, shell: Shell, postgres_dsn: str, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> Callable[..., Awaitable[str]]:
    """What asks ``app`` and answers with what it printed; raises what the command ends with."""
    named = {
        "POSTGRES_DSN": postgres_dsn, "TEMPORAL_ADDRESS": shell.client.service_client.config.target_host,
        "TEMPORAL_NAMESPACE": NAMESPACE, "VAULT_KEY": base64.b64encode(b"v" * 32).decode(),
        "PAYLOAD_KEYS": base64.b64encode(KEY).decode(), "DATA_DIR": str(folder),
    }  # fmt: skip
    for name, value in named.items():
        monkeypatch.setenv(f"JIANNUO_{name}", value)

    async def ask(*words: str) -> str:
        # A thread of its own, since the command has a loop of its own.
        done = await asyncio.to_thread(CliRunner().invoke, app, list(words))
        if done.exception is not None:
            raise done.exception
        return done.output

    return ask
