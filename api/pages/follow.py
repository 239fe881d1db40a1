"""The complainant's page: by case number and access code, nothing but its own case."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from api import acts
from api.form_fields import Field, fields, labels
from api.guard import checked_form, cookie, texts
from api.kept import kept_of
from api.pages import acts as act_pages
from api.pages.entry import address_of
from api.pages.papers import letter_pdf, send_document, take_documents
from api.pages.target import Place
from api.rendering import render
from api.services import Services, Wired
from api.who import VISIT_COOKIE, Following, Visitor, visitor_of
from cases import visits
from cases.errors import Conflict, Invalid, TooMany
from cases.queries.case_view import CaseView, case_view
from cases.queries.light import lights_for
from cases.retaliation import report_after_closing
from cases.tables.worklist import Subscription, Task

router = APIRouter()
WRONG = "投诉编号或查询码不正确。"


@router.get("/follow")
async def ask(request: Request) -> Response:
    return render(request, "follow_login.html", case_no="", problem=None, kept=None)


@router.post("/follow")
async def begin(request: Request, services: Wired) -> Response:
    form = await checked_form(request, request.state.form_token)
    case_no, code = str(form.get("case_no", ""))[:40], str(form.get("code", ""))[:40]
    status, problem, kept = 422, WRONG, kept_of(form)
    token = who = before = None
    try:
        async with services.transaction() as session:
            before = await visits.lapsed(session, request.cookies.get(VISIT_COOKIE, ""))
            token = await visits.begin(session, case_no, code, address_of(request), services.clock())
            who = await visitor_of(session, services, token) if token and kept else None
    except TooMany as many:
        status, problem = 429, many.sentence
    if token is None:
        return render(request, "follow_login.html", status, case_no=case_no, problem=problem, kept=kept)
    if kept and who and before and before.complaint_id == who.actor.complaint_id:
        response: Response = render(request, "resume.html", who=who, kept=kept, back="/follow/case")
    else:
        response = RedirectResponse("/follow/case", 303)
    response.headers.append("set-cookie", cookie(request.scope, VISIT_COOKIE, token))
    return response


@router.post("/follow/end")
async def end(request: Request, services: Wired, who: Following) -> Response:
    await checked_form(request, who.csrf)
    async with services.transaction() as session:
        await visits.end(session, request.cookies[VISIT_COOKIE])
    response = RedirectResponse("/", 303)
    response.headers.append("set-cookie", cookie(request.scope, VISIT_COOKIE, "", 0))
    return response


@router.post("/follow/turn")
async def turn(request: Request, services: Wired, who: Following) -> Response:
    """To another case that was filed together with this one."""
    form = await checked_form(request, who.csrf)
    async with services.transaction() as session:
        token = request.cookies[VISIT_COOKIE]
        await visits.turn_to(session, token, str(form.get("case_no", ""))[:40], services.clock())
    return RedirectResponse("/follow/case", 303)


@router.post("/follow/retaliation")
async def retaliation(request: Request, services: Wired, who: Following) -> Response:
    """After closing there is no open act left: the report opens its confidential case directly."""
    typed = texts(await checked_form(request, who.csrf))
    key = str(typed.get("submission_id") or "")[:64] or secrets.token_hex(12)
    try:
        async with services.transaction() as session:
            case_id = who.actor.complaint_id or ""
            now = await acts.case_time(session, services, case_id)
            view = await case_view(session, who.actor, case_id, now)
            if not ended(view):
                raise Conflict("案件仍在办理，请在页面上选择“反映打击报复”。")
            words = str(typed.get("words") or "")
            await report_after_closing(session, services.vault, view.complaint, words, now, key=key)
    except Invalid as invalid:
        return await _page(request, services, who, status=422, at="retaliation", typed=typed, problems=invalid.fields)
    return RedirectResponse("/follow/case?done=1", 303)


def ended(view: CaseView) -> bool:
    return view.instance is None or view.instance.status in ("completed", "cancelled")


@dataclass
class Doing:
    """One thing that the complainant may do now, as a form of its own."""

    row: Task | Subscription
    kind: str
    choice: list[tuple[str, str]]
    fields: list[Field]
    problem: str | None

    @property
    def id(self) -> str:
        return f"{self.kind}-{self.row.key}"


@router.get("/follow/case")
async def case_page(request: Request, services: Wired, who: Following, done: str = "") -> Response:
    return await _page(request, services, who, done=done)


async def _page(
    request: Request, services: Services, who: Visitor, *, done: str = "", status: int = 200, at: str = "",
    typed: Mapping[str, Any] | None = None, problems: Mapping[str, str] | None = None,
) -> Response:  # fmt: skip
    """``at`` names the form that was sent; only that one shows what was typed and what is wrong."""
    case_id = who.actor.complaint_id or ""
    async with services.transaction() as session:
        now = await acts.case_time(session, services, case_id)
        view = await case_view(session, who.actor, case_id, now)
        lights = await lights_for(session, view.complaint.pack, now)
        doing = []
        rows: list[tuple[Task | Subscription, str]] = [(task, "tasks") for task in view.my_tasks]
        rows += [(act, "acts") for act in view.open_acts]
        for row, kind in rows:
            form = await services.definitions.form(session, view.complaint.pack, row.form_id) if row.form_id else None
            sent = at == f"{kind}-{row.key}"
            shown = fields(form, row.acts, typed if sent else None, {}, problems if sent else None)
            known = {field.key for field in shown}
            other = " ".join(s for key, s in (problems or {}).items() if key not in known) if sent else None
            doing.append(Doing(row, kind, labels(form, row.acts), shown, other or None))
    return render(
        request, "follow_case.html", status, view=view, lights=lights, doing=doing, done=done, problems=problems or {},
        submission_id=secrets.token_hex(12), at=at, ended=ended(view), typed=typed or {},
    )  # fmt: skip


@router.post("/follow/case/{kind}/{key}")
async def act(request: Request, services: Wired, who: Following, kind: str, key: int) -> Response:
    typed = texts(await checked_form(request, who.csrf))
    if kind not in ("tasks", "acts"):
        raise Invalid({"kind": "没有这种操作。"})
    case_id = who.actor.complaint_id or ""
    try:
        outcome = await act_pages.send(services, who.actor, Place(case_id), kind, key, typed)
    except Invalid as invalid:
        return await _page(request, services, who, status=422, at=f"{kind}-{key}", typed=typed, problems=invalid.fields)
    if outcome.status == "pending":
        return RedirectResponse(f"/follow/submissions/{outcome.submission_id}", 303)
    return RedirectResponse("/follow/case?done=1", 303)


@router.get("/follow/submissions/{submission_id}")
async def pending(request: Request, services: Wired, who: Following, submission_id: str) -> Response:
    async with services.transaction() as session:
        outcome = await acts.follow(session, who.actor, submission_id)
    if outcome.status == "done":
        return RedirectResponse("/follow/case?done=1", 303)
    if outcome.status == "refused":
        raise Conflict(outcome.sentence or "这一办理动作没有被接受，案件没有变化。")
    return render(request, "pending.html", 202, target="/follow/case", submission_id=submission_id)


@router.get("/follow/letters/{letter_id}.pdf")
async def letter(services: Wired, who: Following, letter_id: str) -> Response:
    return await letter_pdf(services, who.actor, who.actor.complaint_id or "", letter_id, None)


@router.get("/follow/documents/{document_id}")
async def document(services: Wired, who: Following, document_id: str) -> Response:
    return await send_document(services, who.actor, who.actor.complaint_id or "", document_id)


@router.post("/follow/documents")
async def add(request: Request, services: Wired, who: Following) -> Response:
    try:
        await take_documents(request, services, who.actor, who.csrf, who.actor.complaint_id or "")
    except Invalid as invalid:
        return await _page(request, services, who, status=422, at="documents", problems=invalid.fields)
    return RedirectResponse("/follow/case?done=documents#papers", 303)
