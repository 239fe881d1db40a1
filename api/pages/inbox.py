"""A person's notices."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from api.guard import checked_form
from api.local_paths import local
from api.rendering import render
from api.services import Wired
from api.who import SignedIn
from cases.queries import inbox

router = APIRouter()


@router.get("/inbox")
async def page(request: Request, services: Wired, who: SignedIn, after: str | None = None) -> Response:
    async with services.transaction() as session:
        found = await inbox.inbox(session, who.account.id, after)
    return render(request, "inbox.html", page=found, after=after)


@router.post("/inbox/read")
async def read(request: Request, services: Wired, who: SignedIn) -> Response:
    await checked_form(request, who.csrf)
    async with services.transaction() as session:
        await inbox.mark_read(session, who.account.id, services.clock())
    return RedirectResponse("/inbox", 303)


@router.get("/inbox/notice")
async def notice(
    request: Request, services: Wired, who: SignedIn, key: Annotated[str, Query(max_length=400)]
) -> Response:
    """Opening a notice is reading it: on to its case, or to its own page where it is about none."""
    async with services.transaction() as session:
        found = await inbox.opened(session, who.account.id, key, services.clock())
    if found.complaint_id:
        return RedirectResponse(f"/cases/{found.complaint_id}", 303)
    return render(request, "notice.html", notice=found)


@router.post("/inbox/unread")
async def unread(request: Request, services: Wired, who: SignedIn) -> Response:
    form = await checked_form(request, who.csrf)
    async with services.transaction() as session:
        await inbox.mark_unread(session, who.account.id, str(form.get("key", "")))
    return RedirectResponse(local(str(form.get("back", "")), "/inbox"), 303)
