"""运行维护: one process that begins by a timer, and what can be done about it."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from api import operations, start_schedules
from api.guard import checked_form, texts
from api.rendering import render
from api.services import Services, Wired
from api.who import SignedIn
from cases.errors import Conflict, Invalid

router = APIRouter(prefix="/operator/starts")


@router.get("/{schedule_id}")
async def page(request: Request, services: Wired, who: SignedIn, schedule_id: str) -> Response:
    operations.require_operator(who)
    return await _page(request, services, schedule_id)


@router.post("/{schedule_id}")
async def act(request: Request, services: Wired, who: SignedIn, schedule_id: str) -> Response:
    typed = texts(await checked_form(request, who.csrf))
    operations.require_operator(who)
    seen = str(typed.get("begun") or "")
    try:
        await start_schedules.perform(
            services, who, schedule_id, str(typed.get("act") or ""), str(typed.get("reason") or ""),
            int(seen) if seen.isdecimal() else None,
        )  # fmt: skip
    except Invalid as invalid:
        return await _page(request, services, schedule_id, 422, typed, invalid.fields)
    except Conflict as conflict:
        return await _page(request, services, schedule_id, 409, typed, refused=conflict.sentence)
    return RedirectResponse(f"/operator/starts/{schedule_id}", 303)


async def _page(
    request: Request, services: Services, schedule_id: str, status: int = 200,
    typed: dict[str, object] | None = None, problems: dict[str, str] | None = None, refused: str = "",
) -> Response:  # fmt: skip
    async with services.transaction() as session:
        one = await start_schedules.look(session, services, schedule_id)
        done = await start_schedules.done(session, schedule_id)
    return render(
        request, "start_schedule.html", status, one=one, done=done, typed=typed or {}, problems=problems or {},
        refused=refused, possible=start_schedules.POSSIBLE.get(one.status, ()),
    )  # fmt: skip
