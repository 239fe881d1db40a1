"""The reference receiver: how another platform should behave, to try and test our side against.

It checks signature, time, nonce and order, refuses what differs under a known key, and loses connections on demand.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

from jiannuo.receiver.guard import Guard
from jiannuo.receiver.ledger import Ledger, Refused
from jiannuo.receiver.losses import CutOff, Losses
from jiannuo.receiver.page import page

MAX_BODY = 16 * 2**20


def make_receiver(ledger: Ledger, guard: Guard, losses: Losses, clock: Callable[[], float]) -> FastAPI:
    """``clock`` gives Unix seconds."""
    app = FastAPI(title="Jiannuo reference receiver", docs_url=None, redoc_url=None)

    async def admitted(request: Request) -> bytes:
        body = await request.body()
        if len(body) > MAX_BODY:
            raise Refused(413, "too_large")
        guard.admit(request.headers, body, int(clock()))
        return body

    @app.exception_handler(Refused)
    async def refuse(request: Request, refused: Refused) -> JSONResponse:
        return JSONResponse({"reason": refused.reason}, refused.status)

    @app.post("/platforms/{platform}", response_model=None)
    async def receive(platform: str, request: Request) -> Response:
        loss = losses.draw()
        if loss == "before":
            return CutOff()
        body = await admitted(request)
        key = unquote(request.headers.get("idempotency-key", ""))
        if not key:
            raise Refused(422, "idempotency_key")
        now = datetime.fromtimestamp(clock(), UTC).isoformat()
        message = ledger.accept(platform, key, body, now)
        if loss == "after":
            return CutOff()
        return JSONResponse({"receipt": message.receipt, "received_at": message.received_at})

    @app.get("/platforms/{platform}/status/{key:path}", response_model=None)
    async def status(platform: str, key: str, request: Request) -> Response:
        """Signed like a message, over an empty body: what the platform has made of a message that it keeps."""
        await admitted(request)
        message = ledger.find(platform, unquote(key))
        if message is None:
            raise Refused(404, "unknown_message")
        said = ledger.statuses.get((platform, message.key))
        return JSONResponse(said) if said is not None else Response(status_code=204)

    @app.post("/admin/status")
    async def say(request: Request) -> dict[str, Any]:
        """Signed like a message: {"platform": …, "key": …, "state": "concluded", "words": …}."""
        wish = json.loads(await admitted(request))
        message = ledger.find(str(wish.get("platform")), str(wish.get("key")))
        if message is None:
            raise Refused(404, "unknown_message")
        said = {"state": str(wish.get("state")), "words": str(wish.get("words") or "")}
        ledger.statuses[message.platform, message.key] = said
        return said

    @app.post("/admin/losses")
    async def lose(request: Request) -> dict[str, Any]:
        """Signed like a message: {"share": 0.2, "count": 3, "moment": "before" or "after" or null}."""
        wish = json.loads(await admitted(request))
        losses.share, losses.count = float(wish.get("share", 0)), int(wish.get("count", 0))
        losses.moment = wish.get("moment")
        return {"share": losses.share, "count": losses.count, "moment": losses.moment}

    @app.get("/messages")
    async def messages() -> list[dict[str, Any]]:
        return [{"receipt": m.receipt, "platform": m.platform, "key": m.key, **m.document} for m in ledger.messages]

    @app.get("/healthz")
    async def health() -> dict[str, Any]:
        return {"received": len(ledger.messages), "duplicates": ledger.duplicates, "lost": losses.lost}

    @app.get("/", response_class=HTMLResponse)
    async def show() -> str:
        return page(ledger, losses)

    return app
