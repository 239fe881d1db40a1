"""A person's notices."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from api.guard import checked_form
from api.rendering import render
from api.services import Wired
from api.who import SignedIn
from cases.queries import inbox

router = APIRouter()


@router.get("/inbox")
async def page(request: Request, services: Wired, who: SignedIn, after: str | None = None) -> Response:
    async with services.transaction() as session:
        found = await inbox.inbox(session, who.account.id, after)
    return render(request, "inbox.html", page=found)


@router.post("/inbox/read")
async def read(request: Request, services: Wired, who: SignedIn) -> Response:
    await checked_form(request, who.csrf)
    async with services.transaction() as session:
        await inbox.mark_read(session, who.account.id, services.clock())
    return RedirectResponse("/inbox", 303)
