"""The front door: the public column, the language switch."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from api.guard import cookie
from api.language import COOKIE, LANGUAGES, SOURCE
from api.rendering import render
from api.services import Wired
from api.who import MaybeStaff

router = APIRouter()
YEAR_S = 31_536_000


def local(path: str | None, otherwise: str = "/") -> str:
    """A path of ours: never another site's, also not written as //host or with a backslash."""
    ours = path and path.startswith("/") and not path.startswith("//") and "\\" not in path and "\n" not in path
    return path if ours and path else otherwise


@router.get("/")
async def home(request: Request, services: Wired, staff: MaybeStaff) -> Response:
    if staff is not None:
        return RedirectResponse("/tasks", 303)
    return render(request, "home.html", pack=services.pack)


@router.get("/language/{code}")
async def switch(request: Request, code: str, back: str = "/") -> Response:
    response = RedirectResponse(local(back), 303)
    chosen = code if code in LANGUAGES else SOURCE
    response.headers.append("set-cookie", cookie(request.scope, COOKIE, chosen, YEAR_S))
    return response
