"""The work list, and who works on what."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from api.guard import checked_form, texts
from api.local_paths import local
from api.pages.acts import page_of
from api.pages.next_task import filter_of, row_id
from api.pages.target import Place
from api.rendering import render
from api.services import Services, Wired
from api.who import SignedIn
from cases import saved_queries, worklist
from cases.access import Actor
from cases.errors import Invalid, NotFound
from cases.orders.states import instance_of
from cases.people import bulk, priority, task_notes, urging
from cases.people.bulk import Item, Wish
from cases.queries.light import lights_for
from cases.queries.tasks import task_count, task_counts, task_list
from cases.queries.units import names_of
from cases.words import STAGES
from cases.worklist import Seen

router = APIRouter()
CLAIM = "claim"
Text = Annotated[str | None, Query(max_length=400)]


@router.get("/tasks")
async def task_page(
    request: Request, services: Wired, who: SignedIn,
    unit: Text = None, stage: Text = None, light: Text = None, whose: Text = None, after: Text = None,
    urgent: Text = None, text: Text = None, sort: Text = None, claimed: Text = None,
) -> Response:  # fmt: skip
    asked = {
        "unit": unit, "stage": stage, "light": light, "whose": whose, "after": after, "urgent": urgent, "text": text,
        "sort": sort,
    }  # fmt: skip
    wanted = filter_of(asked)
    async with services.transaction() as session:
        lights = await lights_for(session, services.pack, services.clock())
        page = await task_list(session, who.actor, lights, wanted)
        counts = await task_counts(session, who.actor, lights, wanted)
        total = await task_count(session, who.actor, lights, wanted)
        saved = await saved_queries.saved(session, who.actor, "tasks")
        units = await names_of(session, {duty.uscc for duty in who.actor.duties})
        items = await _claimed(session, who.actor, claimed) if claimed else None
    return render(
        request, "tasks.html", page=page, counts=counts, wanted=wanted, units=units, stages=STAGES, total=total,
        saved=saved, row_id=row_id, claimed=items, token=secrets.token_hex(12),
        listed=_without_claimed(request),
    )  # fmt: skip


def _without_claimed(request: Request) -> str:
    """The address of the list as it was asked for, to come back to: what was claimed is told once."""
    kept = "&".join(part for part in request.url.query.split("&") if not part.startswith("claimed="))
    return request.url.path + (f"?{kept}" if kept else "")


async def _claimed(session: AsyncSession, actor: Actor, token: str) -> list[Item] | None:
    """What became of each task; nothing for an address that somebody else was led to."""
    try:
        run, items = await bulk.outcome(session, actor, token)
    except NotFound:
        return None
    return items if run.act == CLAIM else None


@router.post("/tasks/claim")
async def claim_many(request: Request, services: Wired, who: SignedIn) -> Response:
    form = await checked_form(request, who.csrf)
    chosen = [seen_of(str(value)) for value in form.getlist("task")]
    token = str(form.get("token") or "") or secrets.token_hex(12)
    async with services.transaction() as session:
        await bulk.run(session, who.actor, token, Wish(CLAIM), chosen, services.clock())
    back = back_of(form)
    return RedirectResponse(f"{back}{'&' if '?' in back else '?'}claimed={token}", 303)


@router.post("/cases/{case_id}/tasks/{key}/{change}")
async def change(request: Request, services: Wired, who: SignedIn, case_id: str, key: int, change: str) -> Response:
    form = await checked_form(request, who.csrf)
    seen = Seen(case_id, key, _number(form.get("row_version")) or 0)
    try:
        async with services.transaction() as session:
            await change_task(session, services, who.actor, seen, change, texts(form))
    except Invalid as invalid:
        place = Place(case_id)
        return await page_of(
            request, services, who, place, "tasks", key, texts(form), invalid.fields, 422, at=change
        )  # fmt: skip
    return RedirectResponse(back_of(form, f"/cases/{case_id}/tasks/{key}"), 303)


async def change_task(
    session: AsyncSession, services: Services, actor: Actor, seen: Seen, change: str, typed: Mapping[str, Any]
) -> None:
    now = services.clock()
    reason = str(typed.get("reason", ""))
    match change:
        case "claim":
            await worklist.claim(session, actor, seen, now)
        case "release":
            await worklist.release(session, actor, seen, now)
        case "transfer":
            await worklist.transfer(session, actor, seen, str(typed.get("to", "")), reason, now)
        case "priority":
            await priority.set_priority(session, actor, seen, _number(typed.get("priority")), reason, now)
        case "urge":
            await urging.urge(session, actor, seen, str(typed.get("words", "")), now)
        case "note":
            task, complaint = await worklist.find_task(session, actor, seen.complaint_id, seen.key, seen.instance_id)
            await task_notes.add(session, actor, task, complaint, str(typed.get("note", "")), now)
        case _:
            raise Invalid({"change": "没有这种操作。"})


def _number(text: object) -> int | None:
    return int(str(text)) if text is not None and str(text).isdigit() and len(str(text)) < 10 else None


def back_of(form: FormData, otherwise: str = "/tasks") -> str:
    return local(str(form.get("back", "")), otherwise)


def seen_of(text: str) -> Seen:
    """``case:key:version`` of a box in the list, with ``:order`` behind it for a task of an order. Raises Invalid."""
    try:
        case_id, key, version, *order = text.split(":")
        return Seen(case_id, int(key), int(version), instance_of(order[0]) if order else "")
    except ValueError:
        raise Invalid({"task": "选择的任务无效，请刷新列表后重试。"}) from None
