"""督办件: the ledger of orders, issuing them, one order, its reply, check and closing."""

from __future__ import annotations

import secrets
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.datastructures import UploadFile
from starlette.responses import RedirectResponse, Response

from api.form_fields import day
from api.guard import checked_form, texts
from api.pages.acts import page_of, submit_at
from api.pages.next_task import onward
from api.pages.papers import NOT_SET, download
from api.pages.target import Place
from api.pages.tasks import back_of, change_task
from api.rendering import moment, render
from api.services import Wired
from api.who import SignedIn, require
from cases import audit
from cases.access import Actor
from cases.errors import Conflict, Invalid
from cases.orders.access import find_order, may_issue
from cases.orders.papers import add_paper
from cases.orders.states import KINDS, STATES
from cases.queries.light import lights_for
from cases.queries.order_view import letter_of_order, order_view, paper_of_order
from cases.queries.orders import EXPORT, OrderFilter, order_counts, order_list
from cases.workbook_orders import workbook
from cases.worklist import Seen

router = APIRouter()
Text = Annotated[str | None, Query(max_length=400)]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def wanted_of(
    text: Text = None, issuer: Text = None, addressee: Text = None, state: Text = None, kind: Text = None,
    light: Text = None, since: Text = None, until: Text = None, after: Text = None,
) -> OrderFilter:  # fmt: skip
    """Empty fields mean any. Raises Invalid for what is no date."""
    return OrderFilter(
        text or None, issuer or None, addressee or None, state or None, kind or None, light or None,
        day({"since": since}, "since"), day({"until": until}, "until"), after or None,
    )  # fmt: skip


Wanted = Annotated[OrderFilter, Depends(wanted_of)]


@router.get("/orders")
async def list_page(request: Request, services: Wired, who: SignedIn, wanted: Wanted) -> Response:
    async with services.transaction() as session:
        lights = await lights_for(session, services.pack, services.clock())
        page = await order_list(session, who.actor, lights, wanted)
        counts = await order_counts(session, who.actor, lights)
    return render(
        request, "orders.html", page=page, counts=counts, wanted=wanted, states=STATES, kinds=KINDS,
        may_issue=may_issue(who.actor),
    )  # fmt: skip


@router.get("/orders/print")
async def print_page(request: Request, services: Wired, who: SignedIn, wanted: Wanted) -> Response:
    async with services.transaction() as session:
        lights = await lights_for(session, services.pack, services.clock())
        page = await order_list(session, who.actor, lights, _whole(wanted))
    return render(request, "orders_print.html", page=page)


@router.get("/orders.xlsx")
async def workbook_file(services: Wired, who: SignedIn, wanted: Wanted) -> Response:
    now = services.clock()
    async with services.transaction() as session:
        lights = await lights_for(session, services.pack, now)
        page = await order_list(session, who.actor, lights, _whole(wanted))
        await audit.append(
            session, at=now, recorded_at=now, actor=f"account:{who.account.id}", act="export_orders",
            facts={"rows": len(page.rows)},
        )  # fmt: skip
    printed = f"{moment(now)}  {who.account.display_name}  共{len(page.rows)}件"
    return download(workbook(page.rows, printed), XLSX, f"督办台账-{now:%Y%m%d}.xlsx")


def _whole(wanted: OrderFilter) -> OrderFilter:
    return OrderFilter(**{**vars(wanted), "after": None, "size": EXPORT})


@router.get("/orders/{order_id}")
async def order_page(request: Request, services: Wired, who: SignedIn, order_id: str, done: str = "") -> Response:
    return await _page(request, services, who, order_id, done=done)


async def _page(
    request: Request, services: Wired, who: SignedIn, order_id: str, *, status: int = 200, done: str = "",
    problems: dict[str, str] | None = None,
) -> Response:  # fmt: skip
    async with services.transaction() as session:
        lights = await lights_for(session, services.pack, services.clock())
        view = await order_view(session, who.actor, order_id, lights)
        came = request.query_params
        ways = await onward(session, who.actor, lights, came.get("task", ""), came.get("back", "")) if done else None
    return render(request, "order.html", status, view=view, lights=lights, ways=ways, problems=problems or {})


async def _place(session: AsyncSession, actor: Actor, order_id: str) -> Place:
    order = await find_order(session, actor, order_id)
    return Place(order.complaint_id, order)


async def _at(services: Wired, who: SignedIn, order_id: str) -> Place:
    async with services.transaction() as session:
        return await _place(session, who.actor, order_id)


@router.get("/orders/{order_id}/tasks/{key}")
async def task_page(request: Request, services: Wired, who: SignedIn, order_id: str, key: int) -> Response:
    return await page_of(request, services, who, await _at(services, who, order_id), "tasks", key)


@router.get("/orders/{order_id}/acts/{key}")
async def act_page(request: Request, services: Wired, who: SignedIn, order_id: str, key: int) -> Response:
    return await page_of(request, services, who, await _at(services, who, order_id), "acts", key)


@router.post("/orders/{order_id}/tasks/{key}")
async def submit_task(request: Request, services: Wired, who: SignedIn, order_id: str, key: int) -> Response:
    await checked_form(request, who.csrf)
    return await submit_at(request, services, who, await _at(services, who, order_id), "tasks", key)


@router.post("/orders/{order_id}/acts/{key}")
async def submit_act(request: Request, services: Wired, who: SignedIn, order_id: str, key: int) -> Response:
    await checked_form(request, who.csrf)
    return await submit_at(request, services, who, await _at(services, who, order_id), "acts", key)


@router.post("/orders/{order_id}/tasks/{key}/{change}")
async def change(request: Request, services: Wired, who: SignedIn, order_id: str, key: int, change: str) -> Response:
    form = await checked_form(request, who.csrf)
    place = await _at(services, who, order_id)
    seen = Seen(place.case_id, key, int(str(form.get("row_version", "0"))), place.instance_id)
    try:
        async with services.transaction() as session:
            await change_task(session, services, who.actor, seen, change, texts(form))
    except Invalid as invalid:
        return await page_of(request, services, who, place, "tasks", key, texts(form), invalid.fields, 422, at=change)
    return RedirectResponse(back_of(form, f"{place.home}/tasks/{key}"), 303)


@router.get("/orders/{order_id}/letters/{letter_id}.pdf")
async def letter(services: Wired, who: SignedIn, order_id: str, letter_id: str) -> Response:
    return await _sheet(services, who, order_id, letter_id, None)


@router.post("/orders/{order_id}/letters/{letter_id}/preview")
async def preview(request: Request, services: Wired, who: SignedIn, order_id: str, letter_id: str) -> Response:
    form = await checked_form(request, who.csrf)
    body = next((str(form[key]) for key in form if key.startswith("f.letter_body")), "")
    return await _sheet(services, who, order_id, letter_id, body)


async def _sheet(services: Wired, who: SignedIn, order_id: str, letter_id: str, body: str | None) -> Response:
    async with services.transaction() as session:
        order = await find_order(session, who.actor, order_id)
        row = await letter_of_order(session, who.actor, order, letter_id)
        pdf = row.pdf if body is None else None
        if pdf is None:
            pdf = await services.letters.pdf(session, row, body)
    if pdf is None:
        raise Conflict(NOT_SET)
    return download(pdf, "application/pdf", f"{order.number}-{row.kind}.pdf", inline=True)


@router.post("/orders/{order_id}/documents")
async def add_papers(request: Request, services: Wired, who: SignedIn, order_id: str) -> Response:
    form = await checked_form(request, who.csrf)
    files = [file for file in form.getlist("file") if isinstance(file, UploadFile) and file.filename]
    try:
        if not files:
            raise Invalid({"file": "请选择要提交的文件。"})
        async with services.transaction() as session:
            for file in files:
                content = await file.read()
                await file.close()
                await add_paper(session, who.actor, order_id, file.filename or "", content, services.clock())
    except Invalid as invalid:
        return await _page(request, services, who, order_id, status=422, problems=invalid.fields)
    return RedirectResponse(f"/orders/{order_id}#papers", 303)


@router.get("/orders/{order_id}/documents/{document_id}")
async def paper(services: Wired, who: SignedIn, order_id: str, document_id: str) -> Response:
    async with services.transaction() as session:
        order = await find_order(session, who.actor, order_id)
        row = await paper_of_order(session, order, document_id)
    return download(row.content or b"", row.media_type or "application/octet-stream", row.name)


def new_key() -> str:
    return secrets.token_hex(12)


def require_issuer(who: SignedIn) -> None:
    require(may_issue(who.actor), "发出督办件仅限督办、信用牵头和归集上报岗位。")
