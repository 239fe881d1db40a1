"""运行维护, 流程实例: which executions run without a case, one of them, and an administrator's acts on it."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from api import instances, operations
from api.guard import DIAGRAM_POLICY, checked_form, texts
from api.operations import require_operator
from api.rendering import render
from api.services import Services, Wired
from api.who import SignedIn
from bpmn.events import InstanceCancelled
from cases.errors import Invalid
from cases.instance_acts import ScopeValues, without_case
from cases.offers import position
from cases.operations import required_reason
from cases.queries import instances as queries
from cases.queries.incidents import open_incidents
from cases.queries.instance_view import instance_view
from cases.queries.instances import SHOWN, InstanceFilter
from cases.tables.engine import DefinitionFile

router = APIRouter()
Text = Annotated[str | None, Query(max_length=400)]
HERE = "/operator/instances"


def wanted_of(show: Text = None, process: Text = None, whole: Text = None, after: Text = None) -> InstanceFilter:
    """Empty fields mean any."""
    return InstanceFilter(show if show in SHOWN else SHOWN[0], process or None, whole == "on", after or None)


Wanted = Annotated[InstanceFilter, Depends(wanted_of)]


@router.get(HERE)
async def page(request: Request, services: Wired, who: SignedIn, wanted: Wanted) -> Response:
    require_operator(who)
    async with services.transaction() as session:
        found = await queries.instances(session, services.definitions, wanted)
        processes = await queries.process_ids(session, services.pack)
    return render(
        request, "operator_instances.html", page=found, wanted=wanted, shown=SHOWN, processes=processes
    )


@router.get(f"{HERE}/{{instance_id}}")
async def instance(request: Request, services: Wired, who: SignedIn, instance_id: str) -> Response:
    require_operator(who)
    return await _instance(request, services, instance_id)


@router.post(f"{HERE}/{{instance_id}}/undo")
async def undo(request: Request, services: Wired, who: SignedIn, instance_id: str) -> Response:
    form = await checked_form(request, who.csrf)
    require_operator(who)
    typed = texts(form)
    try:
        await operations.take_back(services, who, instance_id, str(typed.get("reason") or ""))
    except Invalid as invalid:
        return await _instance(request, services, instance_id, "undo", typed, invalid.fields)
    return RedirectResponse(f"{HERE}/{instance_id}", 303)


@router.post(f"{HERE}/{{instance_id}}/variables")
async def look(request: Request, services: Wired, who: SignedIn, instance_id: str) -> Response:
    """Answers with the page itself: what was looked at has no address that could be kept, shared or cached."""
    form = await checked_form(request, who.csrf)
    require_operator(who)
    typed = texts(form)
    try:
        values = await instances.variables(services, who, instance_id, str(typed.get("reason") or ""))
    except Invalid as invalid:
        return await _instance(request, services, instance_id, "variables", typed, invalid.fields)
    return await _instance(request, services, instance_id, values=values)


@router.post(f"{HERE}/{{instance_id}}/cancel")
async def cancel(request: Request, services: Wired, who: SignedIn, instance_id: str) -> Response:
    form = await checked_form(request, who.csrf)
    require_operator(who)
    typed = texts(form)
    try:
        reason = required_reason(str(typed.get("reason") or ""))
    except Invalid as invalid:
        return await _instance(request, services, instance_id, "cancel", typed, invalid.fields)
    if typed.get("confirmed"):
        await instances.cancel(services, who, instance_id, reason)
        return RedirectResponse(f"{HERE}/{instance_id}", 303)
    async with services.transaction() as session:
        await without_case(session, instance_id)
    event = InstanceCancelled("operator")
    found = await operations.foreseen(services, instance_id, event)
    return render(
        request, "operator_confirm.html", subject=instance_id, back=f"{HERE}/{instance_id}", carried=("reason",),
        typed={"reason": reason}, found=found, event="InstanceCancelled", refusal=operations.refusal_of(found),
        reason=reason,
    )  # fmt: skip


@router.get(f"{HERE}/{{instance_id}}/diagram")
async def diagram(request: Request, services: Wired, who: SignedIn, instance_id: str) -> Response:
    require_operator(who)
    async with services.transaction() as session:
        row = await without_case(session, instance_id)
        file = await session.get_one(DefinitionFile, row.graph_hash)
    here = f"{HERE}/{instance_id}"
    response = render(
        request, "diagram.html", home=here, named=instance_id, source=f"{here}/diagram.json",
        undrawn=b"BPMNShape" not in file.source,
    )  # fmt: skip
    response.headers["content-security-policy"] = DIAGRAM_POLICY
    return response


@router.get(f"{HERE}/{{instance_id}}/diagram.json")
async def diagram_data(services: Wired, who: SignedIn, instance_id: str) -> Response:
    """The model that it began with, and where it stands."""
    require_operator(who)
    async with services.transaction() as session:
        row = await without_case(session, instance_id)
        file = await session.get_one(DefinitionFile, row.graph_hash)
        view = await instance_view(session, services.definitions, instance_id)
    here = position(row)
    passed = sorted({element for line in view.history for element, _ in line.entered} - set(here))
    return JSONResponse({"xml": file.source.decode(), "here": here, "passed": passed})


async def _instance(
    request: Request, services: Services, instance_id: str, act: str = "", typed: dict[str, Any] | None = None,
    problems: dict[str, str] | None = None, values: list[ScopeValues] | None = None,
) -> Response:  # fmt: skip
    """``problems`` are those of the form of ``act``."""
    async with services.transaction() as session:
        view = await instance_view(session, services.definitions, instance_id)
        done = await operations.recent(session, instance_id)
        stuck = await open_incidents(session, services.definitions, instance_id=instance_id)
    return render(
        request, "operator_instance.html", 422 if problems else 200, view=view, row=view.row, done=done, stuck=stuck,
        act=act, typed=typed or {}, problems=problems or {}, values=values,
    )  # fmt: skip
