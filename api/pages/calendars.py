"""放假安排: tables of holidays as official acts, and the year as it is counted."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.datastructures import FormData, UploadFile
from starlette.responses import RedirectResponse, Response

from api import calendar_acts
from api.calendar_acts import Draft
from api.guard import checked_form, texts
from api.rendering import render
from api.services import Services, Wired
from api.who import SignedIn
from cases.calendar_changes.files import MAX_CHARACTERS
from cases.calendar_changes.table import FIRST_YEAR, LAST_YEAR
from cases.deadlines.zone import SHANGHAI
from cases.errors import Invalid
from cases.policy.loader import available, load
from cases.queries.calendars import calendar_page, year_of

router = APIRouter()
SHOWN = 200  # a preview names so many deadlines; the rest are counted


@router.get("/calendars")
async def page(
    request: Request, services: Wired, who: SignedIn, region: Annotated[str, Query(max_length=6)] = "",
    year: Annotated[int | None, Query(ge=FIRST_YEAR, le=LAST_YEAR)] = None,
) -> Response:  # fmt: skip
    now = services.clock()
    shown = year or now.astimezone(SHANGHAI).year
    async with services.transaction() as session:
        found = await calendar_page(session, now, _packs())
        months = await year_of(session, services.pack, region or None, shown)
    return render(
        request, "calendars.html", page=found, months=months, year=shown, region=region,
        keeper=calendar_acts.keeps(who), first=FIRST_YEAR, last=LAST_YEAR,
    )  # fmt: skip


@router.get("/calendars/new")
async def ask(request: Request, services: Wired, who: SignedIn) -> Response:
    calendar_acts.require_keeper(who)
    year = services.clock().astimezone(SHANGHAI).year + 1
    return await _form(request, services, {"layer": "national", "years": str(year)}, {})


@router.post("/calendars/new")
async def take(request: Request, services: Wired, who: SignedIn) -> Response:
    form = await checked_form(request, who.csrf)
    calendar_acts.require_keeper(who)
    typed = texts(form)
    try:
        if typed.get("seen"):
            draft = Draft(str(typed.get("text") or ""), typed.get("csv") == "1")
            number = await calendar_acts.put_in_force(services, who, draft, str(typed["seen"]))
            return RedirectResponse(f"/calendars#change-{number}", 303)
        draft = await _uploaded(form) or calendar_acts.drafted(typed)
        found = await calendar_acts.look(services, draft)
    except Invalid as invalid:
        return await _form(request, services, typed, invalid.fields, 422)
    return render(request, "calendar_preview.html", found=found, draft=draft, table=draft.table, shown=SHOWN)


@router.get("/calendars/{version}/withdraw")
async def ask_withdrawal(request: Request, services: Wired, who: SignedIn, version: str) -> Response:
    calendar_acts.require_keeper(who)
    return await _withdrawal(request, services, version, {}, {})


@router.post("/calendars/{version}/withdraw")
async def withdrawn(request: Request, services: Wired, who: SignedIn, version: str) -> Response:
    form = await checked_form(request, who.csrf)
    calendar_acts.require_keeper(who)
    typed = texts(form)
    try:
        number = await calendar_acts.take_back(services, who, version, str(typed.get("reason") or ""))
    except Invalid as invalid:
        return await _withdrawal(request, services, version, typed, invalid.fields, 422)
    return RedirectResponse(f"/calendars#change-{number}", 303)


async def _withdrawal(
    request: Request, services: Services, version: str, typed: dict[str, object], problems: dict[str, str],
    status: int = 200,
) -> Response:  # fmt: skip
    found = await calendar_acts.look_at_withdrawal(services, version)
    return render(
        request, "calendar_withdraw.html", status, found=found, version=version, typed=typed, problems=problems,
        shown=SHOWN,
    )  # fmt: skip


async def _form(
    request: Request, services: Services, typed: dict[str, object], problems: dict[str, str], status: int = 200
) -> Response:
    async with services.transaction() as session:
        found = await calendar_page(session, services.clock(), _packs())
    return render(request, "calendar_new.html", status, layers=found.layers, typed=typed, problems=problems)


async def _uploaded(form: FormData) -> Draft | None:
    file = form.get("file")
    if not isinstance(file, UploadFile):
        return None
    name, content = file.filename or "", await file.read(4 * MAX_CHARACTERS + 1)
    await form.close()
    if not name:
        return None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid({"file": "文件不是 UTF-8 编码。请另存为 UTF-8 后再导入。"}) from None
    draft = Draft(text, name.lower().endswith(".csv"))
    try:
        draft.table  # noqa: B018  read for its problems
    except Invalid as refused:
        raise Invalid({"file": refused.sentence}) from None
    return draft


def _packs() -> dict[str, str]:
    return {name: load(name).title for name in available()}
