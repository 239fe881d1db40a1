"""The front door: the public column, the language switch."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from api.guard import cookie
from api.language import COOKIE, LANGUAGES, SOURCE
from api.local_paths import local
from api.rendering import render
from api.services import Wired
from api.who import MaybeStaff

router = APIRouter()
YEAR_S = 31_536_000


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
