"""The port that every platform adapter implements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Envelope:
    """One message in the platform's own field names. ``key``: sent again, it is the same message."""

    key: str
    kind: str
    subject: str
    sequence: int
    to: str | None
    created_at: str
    content: Mapping[str, Any] = field(repr=False)

    def document(self) -> dict[str, Any]:
        return {
            "kind": self.kind, "subject": self.subject, "sequence": self.sequence, "to": self.to,
            "created_at": self.created_at, "content": dict(self.content),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """``received`` is False for a file that a person still has to carry over."""

    reference: str
    received: bool


@dataclass(frozen=True, slots=True)
class PlatformStatus:
    """What a platform says of a message that it received. ``state`` as in ``cases.escalations.STATES``."""

    state: str
    words: str = ""


class StatusPort(Protocol):
    """Of platforms that can be asked; the others tell a person, who enters it."""

    async def status(self, key: str) -> PlatformStatus | None:
        """None when the platform has nothing to say yet. Raises DeliveryRetryable (away) or DeliveryRefused."""
        ...


class PlatformPort(Protocol):
    async def send(self, envelope: Envelope) -> Answer:
        """Raises DeliveryRetryable (try again later) or DeliveryRefused (for good)."""
        ...
