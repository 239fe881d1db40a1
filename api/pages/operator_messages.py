"""运行维护, 流程间的消息: what waits, what is on its way, who waits for what, and an operator's acts on them."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import RedirectResponse, Response

from api import messages
from api.guard import checked_form, texts
from api.operations import require_operator
from api.pages.orders import XLSX
from api.pages.papers import download
from api.rendering import moment, render
from api.services import Services, Wired
from api.who import SignedIn
from cases import audit
from cases.errors import Conflict, Invalid
from cases.message_sending import KINDS, Outside
from cases.queries import messages as queries
from cases.queries.messages import EXPORT, SHOWN, MessageFilter
from cases.workbook_messages import catches_workbook, messages_workbook

router = APIRouter()
Text = Annotated[str | None, Query(max_length=400)]
HERE = "/operator/messages"


def wanted_of(
    show: Text = None, name: Text = None, key: Text = None, case: Text = None, after: Text = None
) -> MessageFilter:
    """Empty fields mean any."""
    return MessageFilter(
        show if show in SHOWN else SHOWN[0], name or None, key or None, case or None, after or None
    )


Wanted = Annotated[MessageFilter, Depends(wanted_of)]


@router.get(HERE)
async def page(request: Request, services: Wired, who: SignedIn, wanted: Wanted) -> Response:
    require_operator(who)
    async with services.transaction() as session:
        found = await queries.listed(session, services.definitions, wanted)
    figures = await messages.figures_now(services)
    return render(
        request, "operator_messages.html", page=found, wanted=wanted, shown=SHOWN, figures=figures,
        overdue=figures.overdue(services.message_overdue),
    )  # fmt: skip


@router.get(f"{HERE}.xlsx")
async def workbook_file(services: Wired, who: SignedIn, wanted: Wanted) -> Response:
    require_operator(who)
    now, whole = services.clock(), replace(wanted, after=None, size=EXPORT)
    waiting = wanted.show == "waiting"
    async with services.transaction() as session:
        found = await queries.listed(session, services.definitions, whole)
        facts = {"rows": len(found.rows), "show": wanted.show}
        await audit.append(
            session, at=now, recorded_at=now, actor=messages.actor_of(who), act="export_messages", facts=facts
        )
    printed = f"{moment(now)}  {who.account.display_name}  共{len(found.rows)}条"
    body = catches_workbook(found.rows, printed) if waiting else messages_workbook(found.rows, printed)
    return download(body, XLSX, f"流程间的消息-{now:%Y%m%d}.xlsx")


@router.get(f"{HERE}/new")
async def new(
    request: Request, services: Wired, who: SignedIn, name: Text = None, key: Text = None, kind: Text = None
) -> Response:
    require_operator(who)
    typed = {"name": name or "", "key": key or "", "kind": kind if kind in KINDS else KINDS[0]}
    return await _new(request, services, {**typed, "message_id": secrets.token_hex(12)}, {})


@router.post(f"{HERE}/new")
async def send(request: Request, services: Wired, who: SignedIn) -> Response:
    form = await checked_form(request, who.csrf)
    require_operator(who)
    typed = {name: str(value) for name, value in texts(form).items()}
    try:
        said = await messages.send(services, who, _outside(services, typed), typed.get("reason", ""))
    except Invalid as invalid:
        return await _new(request, services, typed, invalid.fields, 422)
    return RedirectResponse(f"{HERE}/{said.id}", 303)


@router.get(f"{HERE}/{{id_}}")
async def one(request: Request, services: Wired, who: SignedIn, id_: str) -> Response:
    require_operator(who)
    return await _one(request, services, id_, {}, {})


@router.post(f"{HERE}/{{id_}}")
async def act(request: Request, services: Wired, who: SignedIn, id_: str) -> Response:
    form = await checked_form(request, who.csrf)
    require_operator(who)
    typed = {name: str(value) for name, value in texts(form).items()}
    try:
        await _act(services, who, id_, typed)
    except Invalid as invalid:
        return await _one(request, services, id_, typed, invalid.fields, 422)
    return RedirectResponse(f"{HERE}/{id_}", 303)


async def _act(services: Services, who: SignedIn, id_: str, typed: dict[str, str]) -> None:
    reason, wanted = typed.get("reason", ""), typed.get("act")
    if wanted == "drop":
        await messages.drop(services, who, id_, reason)
    elif wanted == "restore":
        await messages.restore(services, who, id_, reason)
    elif wanted == "deliver":
        key, _, instance_id = typed.get("catch", "").partition(" ")
        if not (key.isascii() and key.isdecimal() and len(key) < 10 and instance_id):
            raise Invalid({"catch": "请选择交给哪个流程。"})
        await messages.deliver(services, who, id_, instance_id, int(key), reason)
    else:
        raise Conflict("没有这种处置。请刷新页面后重试。")


def _outside(services: Services, typed: dict[str, str]) -> Outside:
    return Outside(
        services.pack, typed.get("name", "").strip(), typed.get("key", "").strip(), typed.get("kind", ""),
        typed.get("message_id", ""), typed.get("time_to_live") or None, typed.get("variables", ""),
    )  # fmt: skip


async def _one(
    request: Request, services: Services, id_: str, typed: dict[str, str], problems: dict[str, str], status: int = 200
) -> Response:
    async with services.transaction() as session:
        view = await queries.message(session, id_)
    return render(request, "operator_message.html", status, view=view, typed=typed, problems=problems)


async def _new(
    request: Request, services: Services, typed: dict[str, str], problems: dict[str, str], status: int = 200
) -> Response:
    async with services.transaction() as session:
        names = await queries.awaited_names(session, services.pack)
    return render(
        request, "operator_message_new.html", status, typed=typed, problems=problems, names=names, kinds=KINDS
    )
