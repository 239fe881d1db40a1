"""What the pages and the JSON API ask of the outside. Built by the composition root."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from cases.errors import Forbidden
from cases.tables.letters import Letter


@dataclass(frozen=True)
class Sent:
    """``step``: where the act stands in the log. Pending: stored, and told to the execution until it answers."""

    step: int | None
    pending: bool


@dataclass(frozen=True)
class Sender:
    """``names``: the messages and signals that it may send; None means any."""

    key_id: str
    secret: bytes = field(repr=False)
    names: frozenset[str] | None = None

    @property
    def actor(self) -> str:
        return f"system:{self.key_id}"

    def require(self, name: str) -> None:
        if self.names is not None and name not in self.names:
            raise Forbidden("这个密钥不能发送这一名称的消息。请管理员在 JIANNUO_MESSAGE_SENDERS 中加上它。")


class CaseClient(Protocol):
    async def send(self, submission_id: str, instance_id: str, event: str, actor: str) -> Sent:
        """Tells the execution of a stored submission. Raises Conflict with the sentence when it refuses."""
        ...

    async def operate(self, operation_id: str, instance_id: str, event: str, actor: str, reason: str) -> Sent:
        """Tells the execution of an operator's act. Raises Conflict with the sentence when it refuses."""
        ...


class LetterSheets(Protocol):
    async def pdf(self, session: AsyncSession, letter: Letter, body: str | None) -> bytes | None:
        """A draft as it would be issued, with ``body`` as its text; None when it cannot be set yet."""
        ...


Clock = Callable[[], datetime]
Probe = Callable[[], Awaitable[str | None]]
"""None when ready, else a short reason without personal data."""
