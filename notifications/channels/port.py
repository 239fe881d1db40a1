"""The port that every channel implements."""

from __future__ import annotations

from typing import Protocol

from notifications.message import Message, Receipt


class Channel(Protocol):
    """Sends one message. Sending the same ``message.key`` again is harmless or recognisable there."""

    @property
    def name(self) -> str: ...

    async def send(self, message: Message) -> Receipt:
        """Raises DeliveryRetryable (try again later) or DeliveryRefused (for good)."""
        ...
