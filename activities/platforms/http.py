"""A platform behind signed HTTP: HMAC over timestamp, nonce and body; the receipt is read, not assumed."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import quote

import httpx

from activities.platforms.port import Answer, Envelope, PlatformStatus
from notifications.channels.signature import sign
from notifications.errors import DeliveryRefused, DeliveryRetryable

LATER = frozenset({401, 408, 425, 429})
"""401 too: a wrong clock or key is mended on either side, and the message must not be lost over it."""


@dataclass(frozen=True, slots=True)
class HttpPlatform:
    """``clock`` gives Unix seconds, ``nonce`` a fresh value; both come from the composition root."""

    name: str
    url: str
    key_id: str
    secret: bytes = field(repr=False)
    client: httpx.AsyncClient = field(repr=False)
    clock: Callable[[], int] = field(repr=False)
    nonce: Callable[[], str] = field(repr=False)
    timeout_s: float = 20.0

    async def send(self, envelope: Envelope) -> Answer:
        body = json.dumps(envelope.document(), ensure_ascii=False, sort_keys=True).encode()
        try:
            answer = await self.client.post(
                self.url,
                content=body,
                headers=self._headers(envelope.key, body),
                timeout=self.timeout_s,
                follow_redirects=False,
            )
        except httpx.HTTPError as failure:
            raise DeliveryRetryable(f"连接{self.name}失败（{type(failure).__name__}），稍后重试。") from None
        return self._judge(answer)

    async def status(self, key: str) -> PlatformStatus | None:
        """``GET …/status/KEY``, signed over an empty body: 204 means nothing to say yet."""
        try:
            answer = await self.client.get(
                f"{self.url}/status/{quote(key, safe='')}",
                headers=self._headers(key, b""),
                timeout=self.timeout_s,
                follow_redirects=False,
            )
        except httpx.HTTPError as failure:
            raise DeliveryRetryable(f"连接{self.name}失败（{type(failure).__name__}），稍后重试。") from None
        if answer.status_code == 204:
            return None
        if not answer.is_success:
            raise DeliveryRetryable(f"{self.name}未能答复办理状态（HTTP {answer.status_code}），稍后再问。")
        try:
            content = answer.json()
            return PlatformStatus(str(content["state"]), str(content.get("words") or ""))
        except (ValueError, KeyError, TypeError):
            raise DeliveryRefused(f"{self.name}答复的办理状态无法读取，请核对接口。") from None

    def _headers(self, key: str, body: bytes) -> dict[str, str]:
        timestamp, nonce = self.clock(), self.nonce()
        return {
            "Content-Type": "application/json; charset=utf-8",
            # Keys may hold Chinese platform names; a header may not.
            "Idempotency-Key": quote(key, safe=":"),
            "X-Jiannuo-Key": self.key_id,
            "X-Jiannuo-Timestamp": str(timestamp),
            "X-Jiannuo-Nonce": nonce,
            "X-Jiannuo-Signature": sign(self.secret, timestamp, nonce, body),
        }

    def _judge(self, answer: httpx.Response) -> Answer:
        status = answer.status_code
        if answer.is_success:
            return Answer(self._receipt(answer), received=True)
        if status in LATER or answer.is_server_error:
            raise DeliveryRetryable(f"{self.name}暂时不能接收（HTTP {status}），稍后重试。")
        raise DeliveryRefused(f"{self.name}拒收（HTTP {status}），请核对字段对照表和接口配置。")

    def _receipt(self, answer: httpx.Response) -> str:
        try:
            content = answer.json()
        except ValueError:
            content = None
        receipt = content.get("receipt") if isinstance(content, dict) else None
        if not isinstance(receipt, str) or not receipt:
            raise DeliveryRetryable(f"{self.name}的答复中没有回执编号，稍后重试。")
        return receipt
