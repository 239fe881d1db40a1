"""Connections lost on demand: before the message is kept, or after it is kept and before the receipt is told."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Literal

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

Moment = Literal["before", "after"]


@dataclass
class Losses:
    """``share`` of the requests is lost, and the next ``count`` in any case."""

    share: float = 0.0
    count: int = 0
    moment: Moment | None = None
    random: Random = field(default_factory=Random)
    lost: int = 0

    def draw(self) -> Moment | None:
        if self.count > 0:
            self.count -= 1
        elif self.random.random() >= self.share:
            return None
        self.lost += 1
        return self.moment or self.random.choice(("before", "after"))


class CutOff(Response):
    """An answer that announces a body and never sends it: the server closes the connection, the client sees it die."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-length", b"1"), (b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
