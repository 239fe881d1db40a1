"""运行维护: what stands still, one of it with what can be done, and what is deployed."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from api import operations
from api.guard import checked_form, texts
from api.messages import figures_now
from api.rendering import render
from api.services import Services, Wired
from api.who import SignedIn
from cases.errors import Invalid
from cases.operations import required_reason
from cases.queries.definitions import definitions, name_of
from cases.queries.incidents import open_incidents
from cases.queries.start_schedules import start_schedules

router = APIRouter()
SHOWN = 200
CARRIED = ("act", "variables", "scope", "element", "reason")


@router.get("/operator")
async def page(request: Request, services: Wired, who: SignedIn) -> Response:
    operations.require_operator(who)
    async with services.transaction() as session:
        found = await open_incidents(session, services.definitions, SHOWN)
        done = await operations.recent(session)
    figures = await figures_now(services)
    return render(
        request, "operator.html", stuck=found, done=done, shown=SHOWN, figures=figures,
        overdue=figures.overdue(services.message_overdue),
    )  # fmt: skip


@router.get("/operator/definitions")
async def deployed(request: Request, services: Wired, who: SignedIn) -> Response:
    operations.require_operator(who)
    async with services.transaction() as session:
        found = await definitions(session, services.pack, ("bpmn", "dmn"))
        names = [await name_of(session, services.definitions, one) for one in found]
        starts = await start_schedules(session, services.definitions, services.pack)
    return render(
        request, "definitions.html", found=list(zip(found, names, strict=True)), pack=services.pack, starts=starts
    )


@router.get("/operator/incidents/{instance_id}/{key}")
async def one(request: Request, services: Wired, who: SignedIn, instance_id: str, key: int) -> Response:
    operations.require_operator(who)
    return await _one(request, services, instance_id, key, {}, {})


@router.post("/operator/incidents/{instance_id}/{key}")
async def act(request: Request, services: Wired, who: SignedIn, instance_id: str, key: int) -> Response:
    form = await checked_form(request, who.csrf)
    operations.require_operator(who)
    typed = texts(form)
    view = await operations.look(services, instance_id, key)
    wanted = str(typed.get("act") or "")
    try:
        event = operations.event_of(view, wanted, typed)
        reason = required_reason(str(typed.get("reason") or ""))
    except Invalid as invalid:
        return await _one(request, services, instance_id, key, typed, invalid.fields, 422)
    if not typed.get("confirmed"):
        found = await operations.foreseen(services, instance_id, event)
        return render(
            request, "operator_confirm.html", subject=view.stuck.name or view.stuck.element,
            back=f"/operator/incidents/{instance_id}/{key}", carried=CARRIED, typed=typed, found=found,
            event=type(event).__name__, refusal=operations.refusal_of(found), reason=reason,
        )  # fmt: skip
    await operations.perform(services, who, instance_id, event, reason)
    return RedirectResponse(f"/operator/instances/{instance_id}", 303)


async def _one(
    request: Request, services: Services, instance_id: str, key: int, typed: dict[str, object],
    problems: dict[str, str], status: int = 200,
) -> Response:  # fmt: skip
    view = await operations.look(services, instance_id, key)
    return render(request, "operator_incident.html", status, view=view, typed=typed, problems=problems)
