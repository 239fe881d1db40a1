"""Filing: through the public column, and 登记 by staff of what came by telephone, visit or paper."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response

from api import filing
from api.filing import By, Upload
from api.filing_parts import NUMBERS
from api.guard import checked_form, texts
from api.rendering import render
from api.services import Services, Wired
from api.who import SignedIn, Staff, require
from cases.errors import Invalid
from cases.intake import Receipt
from cases.policy.loader import load
from cases.queries.units import respondents

router = APIRouter()


@router.get("/complaints/new")
async def ask(request: Request, services: Wired, source: Annotated[str, Query(max_length=100)] = "") -> Response:
    return await _page(request, services, None, {"source_portal": source})


@router.post("/complaints/new")
async def take(request: Request, services: Wired) -> Response:
    form = await checked_form(request, request.state.form_token)
    return await _take(request, services, None, form)


@router.get("/cases/new")
async def register(request: Request, services: Wired, who: SignedIn) -> Response:
    require(who.registers, "登记投诉由登记受理岗位办理。")
    return await _page(request, services, who, {})


@router.post("/cases/new")
async def registered(request: Request, services: Wired, who: SignedIn) -> Response:
    form = await checked_form(request, who.csrf)
    require(who.registers, "登记投诉由登记受理岗位办理。")
    return await _take(request, services, who, form)


async def _take(request: Request, services: Services, who: Staff | None, form: FormData) -> Response:
    typed = texts(form)
    channel = str(typed.get("channel") or "") if who else filing.portal_channel(load(services.pack))
    token = str(typed.get("form_token") or "")[:64]
    if len(token) < 16:
        token = secrets.token_urlsafe(24)
    by = By(channel, who.account.id if who else None)
    try:
        receipt = await filing.file(services, by, typed, await _uploads(form), token)
    except Invalid as invalid:
        place = {key: number for number, key in enumerate(typed)}
        problems = sorted(invalid.fields.items(), key=lambda problem: place.get(problem[0], len(place)))
        return await _page(request, services, who, typed, dict(problems), 422, token)
    return _receipt(request, receipt, who)


def _receipt(request: Request, receipt: Receipt, who: Staff | None) -> Response:
    """The answer itself shows the code: an address that showed it would be kept in histories."""
    return render(request, "receipt.html", 200 if receipt.known else 201, receipt=receipt, staff=who is not None)


async def _page(
    request: Request, services: Services, who: Staff | None, typed: Mapping[str, Any],
    problems: Mapping[str, str] | None = None, status: int = 200, token: str | None = None,
) -> Response:  # fmt: skip
    async with services.transaction() as session:
        units = await respondents(session)
    return render(
        request, "complaint_new.html", status, pack=load(services.pack), units=units, typed=typed,
        problems=problems or {},
        staff=who is not None, form_token=token or secrets.token_urlsafe(24), enterprise_types=filing.ENTERPRISE_TYPES,
        further_numbers=list(NUMBERS), performance=filing.PERFORMANCE, classifications=filing.CLASSIFICATIONS,
    )  # fmt: skip


async def _uploads(form: FormData) -> list[Upload]:
    files = [file for file in form.getlist("evidence") if isinstance(file, UploadFile) and file.filename]
    found = [Upload(file.filename or "", await file.read()) for file in files]
    await form.close()
    return found
