"""Other systems that speak to us: who they are by the signature of what they send."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from api.ports import Sender
from api.services import Services, Wired
from notifications.channels.signature import verify

TOLERANCE_S = 300
UNSIGNED = "请求没有签名：请带上 X-Jiannuo-Key、X-Jiannuo-Timestamp、X-Jiannuo-Nonce 和 X-Jiannuo-Signature。"
WRONG = "签名不符，或者没有这个密钥标识。请核对密钥，以及签名所用的时间、随机数和正文。"
STALE = "请求的时间与本机相差超过5分钟。请校准时钟后重新签名。"


class Unsigned(Exception):
    """Whoever asks has not shown who it is. The sentence says what is missing."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class Signed:
    sender: Sender
    body: bytes


async def signed(request: Request, services: Wired) -> Signed:
    """Nonces are not remembered: what is sent carries an id of its own, and said again it changes nothing."""
    body = await request.body()
    return Signed(admitted(services, request.headers, body), body)


def admitted(services: Services, headers: Mapping[str, str], body: bytes) -> Sender:
    key, timestamp, nonce, signature = (
        headers.get(f"x-jiannuo-{name}", "") for name in ("key", "timestamp", "nonce", "signature")
    )
    if not (key and nonce and signature and timestamp.isascii() and timestamp.isdecimal()):
        raise Unsigned(UNSIGNED)
    known = services.senders.get(key)
    # As long for a key that nobody has as for a wrong signature.
    secret = known.secret if known is not None else b""
    if not verify(secret, int(timestamp), nonce, body, signature) or known is None:
        raise Unsigned(WRONG)
    if abs(services.clock().timestamp() - int(timestamp)) > TOLERANCE_S:
        raise Unsigned(STALE)
    return known


FromSystem = Annotated[Signed, Depends(signed)]
