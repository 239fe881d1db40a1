"""What letters say of a unit's office: looked up by who may change it, changed with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from api.guard import checked_form, texts
from api.rendering import render
from api.services import Services, Wired
from api.who import SignedIn, Staff, require
from cases import unit_contacts
from cases.errors import Conflict, Invalid
from cases.people.authority import administers, headed
from cases.queries.units import search_units

router = APIRouter(prefix="/units")
ONLY = "单位联系方式由本单位负责人或者管理员维护。"


@router.get("")
async def list_page(
    request: Request, services: Wired, who: SignedIn, text: Annotated[str, Query(max_length=100)] = ""
) -> Response:
    require(unit_contacts.editable(who.actor), ONLY)
    within = None if administers(who.actor) else headed(who.actor)
    async with services.transaction() as session:
        found = await search_units(session, text, within)
    if within is not None and len(found) == 1 and not text:
        return RedirectResponse(f"/units/{found[0].uscc}", 303)
    return render(request, "units.html", found=found, text=text)


@router.get("/{uscc}")
async def page(request: Request, services: Wired, who: SignedIn, uscc: str, done: str = "") -> Response:
    return await _page(request, services, who, uscc, done=done)


@router.post("/{uscc}")
async def change(request: Request, services: Wired, who: SignedIn, uscc: str) -> Response:
    typed = texts(await checked_form(request, who.csrf))
    given = {key: str(typed.get(key, "")) for key in unit_contacts.FIELDS}
    try:
        async with services.transaction() as session:
            await unit_contacts.change_contact(
                session, who.actor, uscc, given, str(typed.get("reason", "")), services.clock()
            )
    except Invalid as invalid:
        return await _page(request, services, who, uscc, status=422, problems=invalid.fields, typed=typed)
    except Conflict as conflict:
        return await _page(request, services, who, uscc, status=409, typed=typed, refused=conflict.sentence)
    return RedirectResponse(f"/units/{uscc}?done=1", 303)


@router.post("/{uscc}/restore")
async def restore(request: Request, services: Wired, who: SignedIn, uscc: str) -> Response:
    typed = texts(await checked_form(request, who.csrf))
    version = str(typed.get("version", ""))
    reason = str(typed.get("restore_reason", ""))
    try:
        async with services.transaction() as session:
            number = int(version) if version.isdigit() and len(version) < 10 else 0
            await unit_contacts.restore(session, who.actor, uscc, number, reason, services.clock())
    except Invalid as invalid:
        problems = {"restore_reason": invalid.fields.get("reason", next(iter(invalid.fields.values())))}
        return await _page(request, services, who, uscc, status=422, problems=problems, chosen=version, why=reason)
    except Conflict as conflict:
        return await _page(request, services, who, uscc, status=409, refused=conflict.sentence)
    return RedirectResponse(f"/units/{uscc}?done=1", 303)


async def _page(
    request: Request, services: Services, who: Staff, uscc: str, *, status: int = 200, done: str = "",
    refused: str = "", problems: Mapping[str, str] | None = None, typed: Mapping[str, Any] | None = None,
    chosen: str = "", why: str = "",
) -> Response:  # fmt: skip
    require(unit_contacts.may_edit(who.actor, uscc), ONLY)
    async with services.transaction() as session:
        unit = await unit_contacts.find(session, uscc)
        versions = await unit_contacts.versions_of(session, unit.uscc)
    shown = typed if typed is not None else {key: getattr(unit, key) or "" for key in unit_contacts.FIELDS}
    return render(
        request, "unit.html", status, unit=unit, versions=versions, typed=shown, problems=problems or {}, done=done,
        refused=refused, chosen=chosen, why=why, fields={key: name for key, (name, _) in unit_contacts.FIELDS.items()},
    )  # fmt: skip
