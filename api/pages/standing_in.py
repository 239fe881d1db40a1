"""委托与请假: AB岗, leave, delegations; one's own, or for the head those of the people of the unit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import RedirectResponse, Response

from api.form_fields import day
from api.guard import checked_form, texts
from api.rendering import render
from api.services import Services, Wired
from api.who import SignedIn, Staff
from cases.deadlines.zone import day_of
from cases.errors import Invalid
from cases.people import authority, delegation, leave
from cases.people.authority import headed
from cases.people.delegation import Wanted
from cases.queries.standing_in import colleagues_of, standing_in
from cases.words import LEAVES

router = APIRouter(prefix="/standing-in")


@router.get("")
async def page(request: Request, services: Wired, who: SignedIn, person: str = "", done: str = "") -> Response:
    return await _page(request, services, who, _account(who, person), done=done)


async def _page(
    request: Request, services: Services, who: Staff, account_id: int, *, status: int = 200, done: str = "",
    problems: Mapping[str, str] | None = None, typed: Mapping[str, Any] | None = None, at: str = "",
) -> Response:  # fmt: skip
    async with services.transaction() as session:
        await authority.require_own_or_head(session, who.actor, account_id, "委托和请假")
        shown = await standing_in(session, await authority.person(session, account_id))
        people = await colleagues_of(session, sorted(headed(who.actor)))
    return render(
        request, "standing_in.html", status, shown=shown, people=people, leaves=LEAVES, done=done, at=at,
        today=day_of(services.clock()), problems=problems or {}, typed=typed or {},
    )  # fmt: skip


@router.post("/{what}")
async def change(request: Request, services: Wired, who: SignedIn, what: str) -> Response:
    form = await checked_form(request, who.csrf)
    typed = {**texts(form), "units": form.getlist("units"), "roles": form.getlist("roles")}
    account_id = _account(who, str(typed.get("person", "")))
    try:
        async with services.transaction() as session:
            done = await _change(session, services, who, what, account_id, typed)
    except Invalid as invalid:
        return await _page(
            request, services, who, account_id, status=422, problems=invalid.fields, typed=typed, at=what
        )
    return RedirectResponse(f"/standing-in?person={account_id}&done={done}", 303)


async def _change(
    session: AsyncSession, services: Services, who: Staff, what: str, account_id: int, typed: Mapping[str, Any]
) -> str:
    now, grave = services.clock(), typed.get("grave") == "on"
    match what:
        case "pair":
            await leave.set_pair(session, who.actor, account_id, str(typed.get("stand_in", "")), now)
        case "leave":
            since, until = day(typed, "since"), day(typed, "until")
            kind = str(typed.get("kind", ""))
            _, cover = await leave.take_leave(session, who.actor, account_id, kind, since, until, grave, now)
            return "leave" if cover else "uncovered"
        case "end-leave":
            await leave.end_leave(session, who.actor, str(typed.get("leave", "")), now)
        case "delegate":
            wanted = Wanted(
                account_id, str(typed.get("stand_in", "")), day(typed, "since"), day(typed, "until"),
                str(typed.get("reason", "")), [str(u) for u in typed["units"]], [str(r) for r in typed["roles"]],
                grave,
            )  # fmt: skip
            await delegation.grant(session, who.actor, wanted, now)
        case "revoke":
            given, reason = str(typed.get("delegation", "")), str(typed.get("reason", ""))
            await delegation.revoke(session, who.actor, given, reason, now)
        case _:
            raise Invalid({"what": "没有这种操作。"})
    return what


def _account(who: Staff, person: str) -> int:
    """Empty means oneself; what is no number finds nobody."""
    return int(person) if person.isdigit() and len(person) < 10 else who.account.id
