"""Addresses of static files with their content's hash, so that browsers may keep them for a year."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

STATIC = Path(__file__).with_name("static")
LONG = "public, max-age=31536000, immutable"


@cache
def asset(name: str) -> str:
    """``/static/…?v=hash``. Raises FileNotFoundError for what was not built: run make env."""
    digest = sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"


class Assets(StaticFiles):
    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        if b"v=" in scope.get("query_string", b""):
            response.headers["cache-control"] = LONG
        return response
