"""What every answer carries and every request must pass: headers, anonymous form token, limits of size."""

from __future__ import annotations

import hmac
import secrets
from typing import Any

from fastapi import Request
from starlette.datastructures import FormData, Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cases.errors import Forbidden

FORM_COOKIE = "jn_form"
CSRF_FIELD = "csrf"
HEADER = "x-csrf-token"
FORM_LIMIT = 12 * 1024 * 1024
UPLOAD_LIMIT = 64 * 1024 * 1024
# Paths that take files; everything else is text.
UPLOADS = ("/documents", "/complaints/new", "/cases/new")

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
# bpmn-js draws with style attributes; a page that shows a diagram allows those, still no style elements and no scripts.
DIAGRAM_POLICY = POLICY.replace("style-src 'self';", "style-src 'self'; style-src-attr 'unsafe-inline';")
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}


class StaleForm(Forbidden):
    """A form of ours with the token of an earlier session. ``form``: its texts, to be shown and sent once more."""

    def __init__(self, form: FormData) -> None:
        super().__init__("页面已经过期，请返回上一页刷新后重新提交。您填写的内容仍在上一页。")
        self.form = form


class TooLarge(Exception):
    """The body is longer than the path takes."""


class Guard:
    """Pure ASGI: BaseHTTPMiddleware would read the body of every upload twice."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        cookies = Request(scope).cookies
        known = cookies.get(FORM_COOKIE)
        scope.setdefault("state", {})["form_token"] = known or secrets.token_urlsafe(24)
        limit = UPLOAD_LIMIT if scope["path"].endswith(UPLOADS) else FORM_LIMIT

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if not scope["path"].startswith("/static/"):
                    headers.setdefault("cache-control", "no-store")
                    if known is None and not scope["path"].startswith("/api/"):
                        headers.append("set-cookie", cookie(scope, FORM_COOKIE, scope["state"]["form_token"]))
            await send(message)

        await self.app(scope, _limited(scope, receive, limit), send_with_headers)


def _limited(scope: Scope, receive: Receive, limit: int) -> Receive:
    declared = Headers(scope=scope).get("content-length", "0")
    too_long = declared.isdigit() and int(declared) > limit
    read = 0

    async def counted() -> Message:
        nonlocal read
        if too_long:
            raise TooLarge
        message = await receive()
        read += len(message.get("body", b""))
        if read > limit:
            raise TooLarge
        return message

    return counted


def cookie(scope: Scope, name: str, value: str, max_age: int | None = None) -> str:
    secure = "; Secure" if scope.get("scheme") == "https" else ""
    life = f"; Max-Age={max_age}" if max_age is not None else ""
    return f"{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{life}"


async def checked_form(request: Request, csrf: str) -> FormData:
    """The form of a POST that came from our own page. Raises Forbidden."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise Forbidden("这个请求不是从本网站的页面发出的，没有处理。")
    form = await request.form(max_files=30, max_fields=500, max_part_size=FORM_LIMIT)
    sent = str(form.get(CSRF_FIELD) or request.headers.get(HEADER, ""))
    if not hmac.compare_digest(sent.encode(), csrf.encode()):
        await form.close()
        raise StaleForm(form)
    return form


def texts(form: FormData) -> dict[str, Any]:
    """Fields that are no files, each with its last value; those sent more than once as a list."""
    found: dict[str, Any] = {}
    for key in form:
        values = [value for value in form.getlist(key) if isinstance(value, str)]
        if values:
            found[key] = values[0] if len(values) == 1 else values
    return found
