"""The in-app inbox: the message is a row, and the row is its delivery."""

from __future__ import annotations

from typing import Protocol

from notifications.message import Message, Receipt


class InboxRows(Protocol):
    """Stores a message once per key and returns the row's id, the first one when it was there already."""

    async def put(self, message: Message) -> str: ...


class Inbox:
    name = "inbox"

    def __init__(self, rows: InboxRows) -> None:
        self._rows = rows

    async def send(self, message: Message) -> Receipt:
        return Receipt(self.name, await self._rows.put(message))
