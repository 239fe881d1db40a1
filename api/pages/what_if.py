"""试算: which open deadlines would move if a limit or a ladder were another. Nothing is changed."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.pages.calendars import SHOWN
from api.rendering import render
from api.services import Wired
from api.who import SignedIn, Staff, require
from cases.calendar_changes.missing import ROLES
from cases.errors import Invalid
from cases.policy.loader import available, load
from cases.policy.proposed import known, parsed
from cases.what_if import what_if

router = APIRouter()
WHO = "期限试算供督办、信用牵头、归集上报和管理员岗位使用。"


def plans(who: Staff) -> bool:
    return who.supervises or bool(who.actor.roles & set(ROLES))


def require_planner(who: Staff) -> None:
    require(plans(who), WHO)


@router.get("/policy/what-if")
async def page(
    request: Request, services: Wired, who: SignedIn, changes: Annotated[str, Query(max_length=4000)] = "",
    pack: Annotated[str, Query(max_length=60)] = "",
) -> Response:  # fmt: skip
    require_planner(who)
    name = pack or services.pack
    found, problems = None, {}
    if changes.strip() and "=" in changes:
        try:
            async with services.transaction() as session:
                found = await what_if(session, name, parsed(changes), services.clock())
        except Invalid as invalid:
            problems = {"changes": invalid.sentence}
    return render(
        request, "what_if.html", 422 if problems else 200, found=found, problems=problems, pack=name, shown=SHOWN,
        typed={"changes": changes, "pack": name}, packs=[(one, load(one).title) for one in available()],
        paths=known(name) if name in available() else [],
    )  # fmt: skip
