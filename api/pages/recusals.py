"""回避 in one case: who keeps out and why; declared by oneself, decided or lifted by the head."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from api.guard import checked_form, texts
from api.rendering import render
from api.services import Services, Wired
from api.who import SignedIn, Staff, require
from cases.errors import Invalid
from cases.people import declaring
from cases.people.authority import headed
from cases.queries.case_view import find_case
from cases.queries.standing_in import colleagues_of, recusals_of
from cases.relations import Part, opened, relations_of
from cases.words import RECUSAL_GROUNDS

router = APIRouter(prefix="/cases/{case_id}/recusals")


@router.get("")
async def page(request: Request, services: Wired, who: SignedIn, case_id: str) -> Response:
    return await _page(request, services, who, case_id)


async def _page(
    request: Request, services: Services, who: Staff, case_id: str, *, status: int = 200,
    problems: Mapping[str, str] | None = None, typed: Mapping[str, Any] | None = None,
) -> Response:  # fmt: skip
    async with services.transaction() as session:
        complaint = await find_case(session, who.actor, case_id)
        allowed = Part.TASKS in opened(relations_of(who.actor, complaint))
        require(allowed, "回避登记仅供本案的承办人员和督办人员查看。")
        rows = await recusals_of(session, complaint.id)
        people = await colleagues_of(session, sorted(headed(who.actor)), who.account.id)
    return render(
        request, "recusals.html", status, complaint=complaint, rows=rows, people=people, grounds=RECUSAL_GROUNDS,
        own={person.id for person in people}, problems=problems or {}, typed=typed or {},
    )  # fmt: skip


@router.post("")
async def declare(request: Request, services: Wired, who: SignedIn, case_id: str) -> Response:
    typed = texts(await checked_form(request, who.csrf))
    given = [str(typed.get(name, "")) for name in ("person", "ground", "reason")]
    try:
        async with services.transaction() as session:
            await declaring.recuse(session, who.actor, case_id, given[0], given[1], given[2], services.clock())
    except Invalid as invalid:
        return await _page(request, services, who, case_id, status=422, problems=invalid.fields, typed=typed)
    return RedirectResponse(f"/cases/{case_id}/recusals", 303)


@router.post("/{recusal_id}/lift")
async def lift(request: Request, services: Wired, who: SignedIn, case_id: str, recusal_id: str) -> Response:
    typed = texts(await checked_form(request, who.csrf))
    reason = str(typed.get("lift_reason", ""))
    try:
        async with services.transaction() as session:
            await declaring.lift(session, who.actor, case_id, recusal_id, reason, services.clock())
    except Invalid as invalid:
        problems = {f"lift_{key}": sentence for key, sentence in invalid.fields.items()}
        return await _page(request, services, who, case_id, status=422, problems=problems, typed=typed)
    return RedirectResponse(f"/cases/{case_id}/recusals", 303)
