"""An SMS or chat gateway behind signed HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx

from notifications.channels.signature import sign
from notifications.errors import DeliveryRefused, DeliveryRetryable
from notifications.message import Message, Receipt

# The gateway has this key already: the message was delivered by the attempt whose answer we lost.
_KNOWN_ALREADY = 409
_LATER = frozenset({408, 425, 429})


@dataclass(frozen=True, slots=True)
class GatewaySettings:
    name: str
    url: str
    key_id: str
    secret: bytes = field(repr=False)
    timeout_seconds: float = 20.0


class HttpGateway:
    """``clock`` gives Unix seconds and ``nonce`` a fresh value; both come from the composition root."""

    def __init__(
        self, settings: GatewaySettings, client: httpx.AsyncClient, clock: Callable[[], int], nonce: Callable[[], str]
    ) -> None:
        self._settings = settings
        self._client = client
        self._clock = clock
        self._nonce = nonce

    @property
    def name(self) -> str:
        return self._settings.name

    async def send(self, message: Message) -> Receipt:
        content = {"kind": message.kind, "to": message.to, "subject": message.subject, "body": message.body}
        body = json.dumps(content, ensure_ascii=False).encode()
        try:
            answer = await self._client.post(
                self._settings.url,
                content=body,
                headers=self._headers(message.key, body),
                timeout=self._settings.timeout_seconds,
                follow_redirects=False,
            )
        except httpx.HTTPError as failure:
            raise DeliveryRetryable(f"{self.name}网关连接失败（{type(failure).__name__}），稍后重试。") from None
        return self._judge(answer, message.key)

    def _headers(self, key: str, body: bytes) -> dict[str, str]:
        timestamp, nonce = self._clock(), self._nonce()
        return {
            "Content-Type": "application/json; charset=utf-8",
            "Idempotency-Key": key,
            "X-Jiannuo-Key": self._settings.key_id,
            "X-Jiannuo-Timestamp": str(timestamp),
            "X-Jiannuo-Nonce": nonce,
            "X-Jiannuo-Signature": sign(self._settings.secret, timestamp, nonce, body),
        }

    def _judge(self, answer: httpx.Response, key: str) -> Receipt:
        status = answer.status_code
        if answer.is_success or status == _KNOWN_ALREADY:
            return Receipt(self.name, _reference(answer) or key)
        if status in _LATER or answer.is_server_error:
            raise DeliveryRetryable(f"{self.name}网关暂时不能接收（HTTP {status}），稍后重试。")
        raise DeliveryRefused(f"{self.name}网关拒收（HTTP {status}），请核对收件人和网关配置。")


def _reference(answer: httpx.Response) -> str | None:
    try:
        content = answer.json()
    except ValueError:
        return None
    return str(content["id"]) if isinstance(content, dict) and content.get("id") else None
