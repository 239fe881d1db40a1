"""Filters of the ledger and of the work list, kept under a name by a person, for the unit too where that is wished."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Literal

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from api.guard import checked_form, texts
from api.services import Wired
from api.who import SignedIn
from cases import saved_queries
from cases.queries.ledger_filter import LedgerFilter

router = APIRouter()
PAGE = "cases"
# A firm may be a person's name: what is looked for by it is not kept.
KNOWN: Mapping[str, set[str]] = {
    PAGE: {field.name for field in fields(LedgerFilter)} - {"after", "size", "firm"},
    "tasks": {"unit", "stage", "light", "whose", "urgent", "text", "sort"},
}
Kept = Literal["cases", "tasks"]


@router.post("/{page}/saved")
async def save(request: Request, services: Wired, who: SignedIn, page: Kept) -> Response:
    form = await checked_form(request, who.csrf)
    typed = texts(form)
    name, query = str(typed.get("name") or ""), str(typed.get("query") or "")[:4000]
    async with services.transaction() as session:
        row = await saved_queries.save(
            session, who.actor, page, name, query, KNOWN[page], typed.get("shared") == "on", services.clock()
        )
    return RedirectResponse(f"/{page}?{row.query}", 303)


@router.post("/{page}/saved/{key}/delete")
async def delete(request: Request, services: Wired, who: SignedIn, page: Kept, key: int) -> Response:
    await checked_form(request, who.csrf)
    async with services.transaction() as session:
        row = await saved_queries.drop(session, who.actor, key)
    return RedirectResponse(f"/{page}?{row.query}", 303)
