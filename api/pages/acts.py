"""One task or open act: its page, its form, and what became of what was submitted."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import RedirectResponse, Response

from api import acts
from api.form_fields import content, fields, labels, moment
from api.guard import checked_form, texts
from api.rendering import render
from api.services import Services, Wired
from api.who import SignedIn, Staff
from cases import access, worklist
from cases.access import Actor
from cases.errors import Conflict, Forbidden, Invalid, NotFound
from cases.queries.case_view import CaseView, case_view
from cases.queries.letters import letter_of
from cases.queries.units import near
from cases.submissions import Act
from cases.tables.letters import Letter
from cases.tables.worklist import Subscription, Task

router = APIRouter()


@dataclass
class Target:
    """What is acted on, and what its page needs."""

    row: Task | Subscription
    view: CaseView
    form: Mapping[str, Any] | None
    defaults: dict[str, Any]
    letter: Letter | None = None
    mine: bool = True

    @property
    def is_task(self) -> bool:
        return isinstance(self.row, Task)

    @property
    def address(self) -> str:
        kind = "tasks" if self.is_task else "acts"
        return f"/cases/{self.view.complaint.id}/{kind}/{self.row.key}"


async def find(session: AsyncSession, services: Services, actor: Actor, case_id: str, kind: str, key: int) -> Target:
    """Raises NotFound, Conflict (closed meanwhile)."""
    now = await acts.case_time(session, services, case_id)
    view = await case_view(session, actor, case_id, now)
    row: Task | Subscription
    mine = True
    if kind == "tasks":
        row, complaint = await worklist.find_task(session, actor, case_id, key)
        mine = await access.may_act(session, actor, row.candidates, complaint.region_code) is not None
        if not mine and row not in [task for task, _ in view.tasks]:
            raise NotFound("没有找到这项任务，或者您无权查看。")
    else:
        found = next((act for act in view.open_acts if act.key == key), None)
        if found is None:
            raise Conflict("按案件目前的进展，已经不能作出这一办理动作。")
        row = found
    form = await services.definitions.form(session, view.complaint.pack, row.form_id) if row.form_id else None
    letter = None
    defaults: dict[str, Any] = dict(row.properties.get("jiannuo:matches") or {}) if not isinstance(row, Task) else {}
    if isinstance(row, Task) and row.inputs.get("letter_id"):
        letter = await letter_of(session, view, str(row.inputs["letter_id"]))
        defaults["body"] = letter.body
    if "refer" in row.acts or "designate" in row.acts:
        defaults["to"] = view.complaint.superior_uscc
    return Target(row, view, form, defaults, letter, mine)


@router.get("/cases/{case_id}/tasks/{key}")
async def task_page(request: Request, services: Wired, who: SignedIn, case_id: str, key: int) -> Response:
    return await _page(request, services, who, case_id, "tasks", key)


@router.get("/cases/{case_id}/acts/{key}")
async def act_page(request: Request, services: Wired, who: SignedIn, case_id: str, key: int) -> Response:
    return await _page(request, services, who, case_id, "acts", key)


async def _page(
    request: Request, services: Services, who: Staff, case_id: str, kind: str, key: int,
    typed: Mapping[str, Any] | None = None, problems: Mapping[str, str] | None = None, status: int = 200,
) -> Response:  # fmt: skip
    async with services.transaction() as session:
        target = await find(session, services, who.actor, case_id, kind, key)
        choice = labels(target.form, target.row.acts)
        act = (typed or {}).get("act") or (choice[0][0] if len(choice) == 1 else None)
        shown = fields(target.form, target.row.acts, typed, target.defaults, problems, act)
        units = await near(session, target.view.complaint.region_code) if any(f.units for f in shown) else []
        row = target.row
        people = await worklist.colleagues(session, row) if isinstance(row, Task) and target.mine else []
    return render(
        request, "act.html", status, target=target, view=target.view, choice=choice, act=act, fields=shown, units=units,
        problems=problems or {},
        typed=typed or {}, people=people, submission_id=(typed or {}).get("submission_id") or secrets.token_hex(12),
    )  # fmt: skip


@router.post("/cases/{case_id}/tasks/{key}")
async def submit_task(request: Request, services: Wired, who: SignedIn, case_id: str, key: int) -> Response:
    return await _submit(request, services, who, case_id, "tasks", key)


@router.post("/cases/{case_id}/acts/{key}")
async def submit_act(request: Request, services: Wired, who: SignedIn, case_id: str, key: int) -> Response:
    return await _submit(request, services, who, case_id, "acts", key)


async def _submit(request: Request, services: Services, who: Staff, case_id: str, kind: str, key: int) -> Response:
    typed = texts(await checked_form(request, who.csrf))
    try:
        outcome = await send(services, who.actor, case_id, kind, key, typed)
    except Invalid as invalid:
        # What was typed comes back with the sentences beside it; a new id, since nothing was stored under the old one.
        return await _page(request, services, who, case_id, kind, key, typed, invalid.fields, 422)
    if outcome.status == "pending":
        return RedirectResponse(f"/submissions/{outcome.submission_id}", 303)
    return RedirectResponse(f"/cases/{case_id}?done={typed.get('act', '')}", 303)


async def send(
    services: Services, actor: Actor, case_id: str, kind: str, key: int, typed: Mapping[str, Any]
) -> acts.Outcome:
    """From what a page sent to the act. Raises the problems of ``perform``."""
    async with services.transaction() as session:
        now = await acts.case_time(session, services, case_id)
        row: Task | Subscription | None
        instance = f"complaint:{case_id}"
        row = await session.get(Task if kind == "tasks" else Subscription, (instance, key))
        view = await case_view(session, actor, case_id, now)
        if row is None:
            raise NotFound("没有这项任务。")
        form = await services.definitions.form(session, view.complaint.pack, row.form_id) if row.form_id else None
        act = str(typed.get("act") or "")
        if not act and len(row.acts) == 1:
            act = row.acts[0]
        if not act:
            raise Invalid({"act": "请选择办理动作。"})
        if isinstance(row, Task) and row.assignee_id not in (None, actor.account_id):
            raise Forbidden(f"“{row.name}”已由同事认领，需要由您办理的，请先转办。")
        given = content(form, act, typed)
        if isinstance(row, Task) and row.inputs.get("letter_id"):
            given["letter_id"] = row.inputs["letter_id"]
    wanted = Act(
        case_id, act, given, moment(typed, "occurred_at", now),
        task_key=key if kind == "tasks" else None, subscription_key=key if kind == "acts" else None,
        late_reason=str(typed.get("late_reason") or "") or None,
        submission_id=str(typed.get("submission_id") or "") or None,
    )  # fmt: skip
    return await acts.perform(services, actor, wanted)


@router.get("/submissions/{submission_id}")
async def pending_page(request: Request, services: Wired, who: SignedIn, submission_id: str) -> Response:
    """Follows a submission until the execution answered: 202 while it has not."""
    async with services.transaction() as session:
        outcome = await acts.follow(session, who.actor, submission_id)
    target = f"/cases/{outcome.complaint_id}"
    if outcome.status == "done":
        return RedirectResponse(target + "?done=1", 303)
    if outcome.status == "refused":
        raise Conflict(outcome.sentence or "这一办理动作没有被接受，案件没有变化。")
    return render(request, "pending.html", 202, target=target, submission_id=submission_id)
