"""The work list, and who works on what."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from api.guard import checked_form
from api.pages.home import local
from api.rendering import render
from api.services import Wired
from api.who import SignedIn
from cases import worklist
from cases.errors import Conflict, Invalid
from cases.orders.states import instance_of
from cases.queries.light import lights_for
from cases.queries.tasks import TaskFilter, task_counts, task_list
from cases.queries.units import names_of
from cases.words import STAGES
from cases.worklist import Seen

router = APIRouter()
Text = Annotated[str | None, Query(max_length=400)]


@router.get("/tasks")
async def task_page(
    request: Request, services: Wired, who: SignedIn,
    unit: Text = None, stage: Text = None, light: Text = None, whose: Text = None, after: Text = None,
) -> Response:  # fmt: skip
    wanted = TaskFilter(unit or None, stage or None, light or None, whose or "all", after or None)
    async with services.transaction() as session:
        lights = await lights_for(session, services.pack, services.clock())
        page = await task_list(session, who.actor, lights, wanted)
        counts = await task_counts(session, who.actor, lights)
        units = await names_of(session, {duty.uscc for duty in who.actor.duties})
    return render(
        request, "tasks.html", page=page, counts=counts, wanted=wanted, units=units, stages=STAGES,
    )  # fmt: skip


@router.post("/tasks/claim")
async def claim_many(request: Request, services: Wired, who: SignedIn) -> Response:
    form = await checked_form(request, who.csrf)
    chosen = [seen_of(str(value)) for value in form.getlist("task")]
    async with services.transaction() as session:
        refused = await worklist.claim_many(session, who.actor, chosen, services.clock())
    if not refused:
        return RedirectResponse(back_of(form), 303)
    raise Conflict(" ".join(refused))


@router.post("/cases/{case_id}/tasks/{key}/{change}")
async def change(request: Request, services: Wired, who: SignedIn, case_id: str, key: int, change: str) -> Response:
    form = await checked_form(request, who.csrf)
    seen = Seen(case_id, key, int(str(form.get("row_version", "0"))))
    async with services.transaction() as session:
        match change:
            case "claim":
                await worklist.claim(session, who.actor, seen, services.clock())
            case "release":
                await worklist.release(session, who.actor, seen)
            case "transfer":
                to, reason = str(form.get("to", "")), str(form.get("reason", ""))
                await worklist.transfer(session, who.actor, seen, to, reason, services.clock())
            case _:
                raise Invalid({"change": "没有这种操作。"})
    return RedirectResponse(back_of(form, f"/cases/{case_id}/tasks/{key}"), 303)


def back_of(form: FormData, otherwise: str = "/tasks") -> str:
    return local(str(form.get("back", "")), otherwise)


def seen_of(text: str) -> Seen:
    """``case:key:version`` of a box in the list, with ``:order`` behind it for a task of an order. Raises Invalid."""
    try:
        case_id, key, version, *order = text.split(":")
        return Seen(case_id, int(key), int(version), instance_of(order[0]) if order else "")
    except ValueError:
        raise Invalid({"task": "选择的任务无效，请刷新列表后重试。"}) from None
