"""One task or open act: its page, its form, and what became of what was submitted."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from api import acts
from api.form_fields import content, fields, labels, moment
from api.guard import checked_form, texts
from api.local_paths import list_of
from api.pages import unit_fields
from api.pages.case import risk_words, told
from api.pages.next_task import done_at
from api.pages.target import Place, find, home_of
from api.rendering import render
from api.services import Services, Wired
from api.who import SignedIn, Staff
from cases.access import Actor
from cases.errors import Conflict, Invalid, NotFound
from cases.intake import instance_id_of
from cases.orders.states import instance_of
from cases.queries.case_view import case_view
from cases.queries.light import lights_for
from cases.queries.task_side import task_side
from cases.submissions import Act
from cases.tables.worklist import Subscription, Task

router = APIRouter()


@router.get("/cases/{case_id}/tasks/{key}")
async def task_page(request: Request, services: Wired, who: SignedIn, case_id: str, key: int) -> Response:
    return await page_of(request, services, who, Place(case_id), "tasks", key)


@router.get("/cases/{case_id}/acts/{key}")
async def act_page(request: Request, services: Wired, who: SignedIn, case_id: str, key: int) -> Response:
    return await page_of(request, services, who, Place(case_id), "acts", key)


async def page_of(
    request: Request, services: Services, who: Staff, place: Place, kind: str, key: int,
    typed: Mapping[str, Any] | None = None, problems: Mapping[str, str] | None = None, status: int = 200,
    *, at: str = "",
) -> Response:  # fmt: skip
    """``at`` names the small form beside the task's own that was sent; then only that one has what was typed."""
    given, typed, wrong = (typed or {}, None, None) if at else ({}, typed, problems)
    async with services.transaction() as session:
        target = await find(session, services, who.actor, place, kind, key)
        choice = labels(target.form, target.row.acts)
        act = (typed or {}).get("act") or (choice[0][0] if len(choice) == 1 else None)
        shown = fields(target.form, target.row.acts, typed, target.defaults, wrong, act)
        came = parse_back(given) or (typed or {}).get("back") or request.query_params.get("back", "")
        words = await told(session, services, target.view)
        asks = any(field.units for field in shown)
        units = await unit_fields.offered(session, target.view.complaint.region_code) if asks else {}
        shown = unit_fields.named(shown, units)
        row = target.row
        lights = await lights_for(session, target.view.complaint.pack, services.clock())
        risk = await risk_words(session, services, target.view)
        side = await task_side(session, who.actor, row, target.view.complaint) if isinstance(row, Task) else None
    return render(
        request, "act.html", status, target=target, view=target.view, choice=choice, act=act, fields=shown, units=units,
        told=words, at=at, given=given, lights=lights, problems=problems or {}, listed=list_of(str(came)),
        risk_words=risk,
        typed=typed or {}, side=side, submission_id=(typed or {}).get("submission_id") or secrets.token_hex(12),
    )  # fmt: skip


def parse_back(given: Mapping[str, Any]) -> str:
    """The small forms come back to the page of the task, whose address holds the list."""
    return dict(parse_qsl(urlsplit(str(given.get("back", ""))).query)).get("back", "")


@router.post("/cases/{case_id}/tasks/{key}")
async def submit_task(request: Request, services: Wired, who: SignedIn, case_id: str, key: int) -> Response:
    return await submit_at(request, services, who, Place(case_id), "tasks", key)


@router.post("/cases/{case_id}/acts/{key}")
async def submit_act(request: Request, services: Wired, who: SignedIn, case_id: str, key: int) -> Response:
    return await submit_at(request, services, who, Place(case_id), "acts", key)


async def submit_at(request: Request, services: Services, who: Staff, place: Place, kind: str, key: int) -> Response:
    typed = texts(await checked_form(request, who.csrf))
    try:
        outcome = await send(services, who.actor, place, kind, key, typed)
    except Invalid as invalid:
        # What was typed comes back with the sentences beside it; a new id, since nothing was stored under the old one.
        return await page_of(request, services, who, place, kind, key, typed, invalid.fields, 422)
    done_key = key if kind == "tasks" else None
    if outcome.status == "pending":
        listed = list_of(str(typed.get("back", "")))
        onward = "?" + urlencode({"task": str(done_key or ""), "back": listed}) if listed else ""
        return RedirectResponse(f"/submissions/{outcome.submission_id}{onward}", 303)
    return RedirectResponse(done_at(place.home, place.instance_id, done_key, str(typed.get("back", ""))), 303)


async def send(
    services: Services, actor: Actor, place: Place, kind: str, key: int, typed: Mapping[str, Any]
) -> acts.Outcome:
    """From what a page sent to the act. Raises the problems of ``perform``."""
    async with services.transaction() as session:
        now = await acts.case_time(session, services, place.case_id)
        row: Task | Subscription | None
        row = await session.get(Task if kind == "tasks" else Subscription, (place.instance_id, key))
        view = await case_view(session, actor, place.case_id, now)
        if row is None:
            raise NotFound("没有这项任务。")
        form = await services.definitions.form(session, view.complaint.pack, row.form_id) if row.form_id else None
        act = str(typed.get("act") or "")
        if not act and len(row.acts) == 1:
            act = row.acts[0]
        if not act:
            raise Invalid({"act": "请选择办理动作。"})
        given = await unit_fields.with_codes(session, view.complaint.region_code, content(form, act, typed))
        if isinstance(row, Task) and row.inputs.get("letter_id"):
            given["letter_id"] = row.inputs["letter_id"]
    wanted = Act(
        place.case_id, act, given, moment(typed, "occurred_at", now),
        task_key=key if kind == "tasks" else None, subscription_key=key if kind == "acts" else None,
        late_reason=str(typed.get("late_reason") or "") or None,
        submission_id=str(typed.get("submission_id") or "") or None, instance_id=place.instance_id,
    )  # fmt: skip
    return await acts.perform(services, actor, wanted)


@router.get("/submissions/{submission_id}")
async def pending_page(
    request: Request, services: Wired, who: SignedIn, submission_id: str, task: str = "", back: str = ""
) -> Response:
    """Follows a submission until the execution answered: 202 while it has not."""
    async with services.transaction() as session:
        outcome = await acts.follow(session, who.actor, submission_id)
    target = home_of(outcome.complaint_id, outcome.order_id)
    if outcome.status == "done":
        of = instance_of(outcome.order_id) if outcome.order_id else instance_id_of(outcome.complaint_id)
        return RedirectResponse(done_at(target, of, int(task) if task.isdigit() else None, back), 303)
    if outcome.status == "refused":
        raise Conflict(outcome.sentence or "这一办理动作没有被接受，案件没有变化。")
    return render(request, "pending.html", 202, target=target, submission_id=submission_id)
