"""The case page, its diagram, notes, and the reading of an identity."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from fastapi import APIRouter, Request
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import JSONResponse, RedirectResponse, Response

from api import acts
from api.form_fields import moment
from api.guard import DIAGRAM_POLICY, checked_form, texts
from api.local_paths import list_of
from api.pages.next_task import onward
from api.rendering import render
from api.services import Services, Wired
from api.who import SignedIn, Staff, require
from cases import notes
from cases.errors import Forbidden, Invalid
from cases.identity import masked, read_identity
from cases.offers import position
from cases.orders.access import may_issue
from cases.queries.answers import Answer
from cases.queries.case_view import CaseView, case_view, decided_by, find_case
from cases.queries.history import reached
from cases.queries.light import lights_for
from cases.queries.orders import orders_of
from cases.relations import Part, Relation, opened, relations_of
from cases.tables.complaints import Complaint
from cases.tables.engine import DefinitionFile, Instance
from cases.vault import Identity

router = APIRouter()


@router.get("/cases/{case_id}")
async def case_page(request: Request, services: Wired, who: SignedIn, case_id: str, done: str = "") -> Response:
    return await page_with(request, services, who, case_id, done=done)


async def page_with(
    request: Request, services: Services, who: Staff, case_id: str, *, status: int = 200, done: str = "",
    identity: Identity | None = None, problems: dict[str, str] | None = None, typed: dict[str, object] | None = None,
) -> Response:  # fmt: skip
    async with services.transaction() as session:
        now = await acts.case_time(session, services, case_id)
        view = await case_view(session, who.actor, case_id, now)
        lights = await lights_for(session, view.complaint.pack, now)
        led_to = await reached(session, services.definitions, view.history)
        words = await told(session, services, view)
        said = {id(a): await spoken(session, services, view, a) for a in view.answers}
        orders = await orders_of(session, who.actor, lights, case_id)
        person = await decided_by(session, view)
        risk = await risk_words(session, services, view)
        came = request.query_params
        ways = await onward(session, who.actor, lights, came.get("task", ""), came.get("back", "")) if done else None
    return render(
        request, "case.html", status, view=view, lights=lights, led_to=led_to, told=words, ways=ways,
        answered=lambda answer: said[id(answer)], risk_words=risk, identity=identity, orders=orders,
        escalation_person=person,
        may_issue=may_issue(who.actor) and Relation.OVERSEER in view.relations,
        problems=problems or {}, typed=typed or {}, listed=list_of(came.get("back", "")),
        note_token=secrets.token_hex(12),
    )  # fmt: skip


async def told(session: AsyncSession, services: Services, view: CaseView) -> dict[str, str]:
    """Title, statement and request as this reader may know them."""
    found = {key: getattr(view.complaint, key) for key in ("title", "statement", "request")}
    if Part.IDENTITY in view.parts or view.complaint.complainant_digest == "":
        return found
    return {key: await masked(session, services.vault, view.complaint, text) for key, text in found.items()}


async def risk_words(session: AsyncSession, services: Services, view: CaseView) -> Callable[[str], str]:
    """What people wrote about a breach risk, without the complainant's name for who may not know it."""
    texts = {text for step in view.risk for _, text in step.said}
    if Part.IDENTITY in view.parts or view.complaint.complainant_digest == "":
        return str
    found = {text: await masked(session, services.vault, view.complaint, text) for text in texts}
    return lambda text: found[text]


async def spoken(session: AsyncSession, services: Services, view: CaseView, answer: Answer) -> str:
    """What was answered, without the complainant's name for who may not know it."""
    if Part.IDENTITY in view.parts or view.complaint.complainant_digest == "":
        return answer.words
    return await masked(session, services.vault, view.complaint, answer.words)


@router.post("/cases/{case_id}/identity")
async def identity(request: Request, services: Wired, who: SignedIn, case_id: str) -> Response:
    """Answers with the page itself: an identity has no address that could be kept, shared or cached."""
    form = texts(await checked_form(request, who.csrf))
    refused: Forbidden | Invalid | None = None
    shown: Identity | None = None
    async with services.transaction() as session:
        complaint = await find_case(session, who.actor, case_id)
        try:
            reason = str(form.get("reason", ""))
            shown = await read_identity(session, services.vault, who.actor, complaint, reason, services.clock())
        except (Forbidden, Invalid) as problem:
            refused = problem
    if isinstance(refused, Invalid):
        return await page_with(request, services, who, case_id, status=422, problems=refused.fields)
    if refused is not None:
        raise refused
    return await page_with(request, services, who, case_id, identity=shown)


@router.post("/cases/{case_id}/notes")
async def add_note(request: Request, services: Wired, who: SignedIn, case_id: str) -> Response:
    typed = texts(await checked_form(request, who.csrf))
    try:
        async with services.transaction() as session:
            now = await acts.case_time(session, services, case_id)
            at = moment(typed, "occurred_at", now)
            await notes.add_note(
                session, who.actor, case_id, str(typed.get("kind", "")), str(typed.get("body", "")), at, now,
                str(typed.get("submission_id", ""))[:64],
            )
    except Invalid as invalid:
        problems = {f"note_{key}": sentence for key, sentence in invalid.fields.items()}
        return await page_with(request, services, who, case_id, status=422, problems=problems, typed=typed)
    return RedirectResponse(f"/cases/{case_id}#notes", 303)


@router.get("/cases/{case_id}/diagram")
async def diagram(request: Request, services: Wired, who: SignedIn, case_id: str) -> Response:
    async with services.transaction() as session:
        complaint = await _with_diagram(session, who, case_id)
    home = f"/cases/{case_id}"
    response = render(
        request, "diagram.html", home=home, named=complaint.case_no, source=f"{home}/diagram.json"
    )
    response.headers["content-security-policy"] = DIAGRAM_POLICY
    return response


@router.get("/cases/{case_id}/diagram.json")
async def diagram_data(services: Wired, who: SignedIn, case_id: str) -> Response:
    """The model as it was deployed, and where this case stands in it."""
    async with services.transaction() as session:
        await _with_diagram(session, who, case_id)
        instance = await session.get(Instance, f"complaint:{case_id}")
        file = await session.get(DefinitionFile, instance.graph_hash) if instance else None
        here = position(instance) if instance else []
        view = await case_view(session, who.actor, case_id, services.clock())
    passed = sorted({element for line in view.history for element, _ in line.entered} - set(here))
    return JSONResponse({"xml": file.source.decode() if file else "", "here": here, "passed": passed})


async def _with_diagram(session: AsyncSession, who: Staff, case_id: str) -> Complaint:
    complaint = await find_case(session, who.actor, case_id)
    allowed = Part.DIAGRAM in opened(relations_of(who.actor, complaint))
    require(allowed, "流程图仅供承办和督办人员查看。")
    return complaint
