"""Issuing orders: from a case, from selected cases of the ledger, from a count of the board."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from api.guard import checked_form, texts
from api.pages.orders import new_key, require_issuer
from api.rendering import render
from api.services import Services, Wired
from api.who import SignedIn, Staff
from cases.errors import Invalid
from cases.orders.issue import ADDRESSEES, MAX_CASES, Wish, issue
from cases.orders.states import DEMAND, KINDS
from cases.policy.loader import load
from cases.queries.ledger import LedgerRow, ledger
from cases.queries.ledger_filter import LedgerFilter
from cases.queries.light import lights_for
from cases.queries.units import names_of

router = APIRouter()
Ids = Annotated[list[str] | None, Query(max_length=200)]
Text = Annotated[str | None, Query(max_length=400)]
LIST = "case"


@router.get("/orders/new")
async def new_page(
    request: Request, services: Wired, who: SignedIn, case: Ids = None, holder: Text = None, light: Text = None,
) -> Response:  # fmt: skip
    require_issuer(who)
    ids = tuple(dict.fromkeys(case or ()))
    wanted = LedgerFilter(ids=ids, size=MAX_CASES)
    if not ids:
        wanted = LedgerFilter(status="all_open", holder=holder or None, light=light or "red", size=MAX_CASES)
    return await _page(request, services, who, wanted, {"demand": "\n".join(DEMAND), "key": new_key()})


async def _page(
    request: Request, services: Services, who: Staff, wanted: LedgerFilter, typed: Mapping[str, Any],
    problems: Mapping[str, str] | None = None, status: int = 200,
) -> Response:  # fmt: skip
    async with services.transaction() as session:
        lights = await lights_for(session, services.pack, services.clock())
        page = await ledger(session, services.vault, who.actor, lights, wanted)
        holders = await names_of(session, {code for code in map(_holder, page.rows) if code})
    rule = load(services.pack).rule("supervision_reply", "OTHER")
    return render(
        request, "order_new.html", status, rows=page.rows, holders=holders, holder_of=_holder, typed=typed,
        kinds=KINDS, addressees=ADDRESSEES, chosen=set(typed.get(LIST, [row.complaint.id for row in page.rows])),
        usual=rule.limit if rule else None, problems=problems or {},
    )  # fmt: skip


def _holder(row: LedgerRow) -> str | None:
    c = row.complaint
    return c.verifying_uscc or c.referring_uscc or c.accepting_uscc


@router.post("/orders/new")
async def create(request: Request, services: Wired, who: SignedIn) -> Response:
    form = await checked_form(request, who.csrf)
    typed = texts(form) | {LIST: [str(value) for value in form.getlist(LIST)]}
    wish = Wish(
        key=f"{who.account.id}:{typed.get('key', '')}", kind=str(typed.get("kind", "")),
        case_ids=_distinct(typed[LIST]), addressee=str(typed.get("addressee", "")),
        reason=str(typed.get("reason", "")), demand=str(typed.get("demand", "")),
        reply_days=str(typed.get("reply_days", "")),
    )  # fmt: skip
    try:
        async with services.transaction() as session:
            result = await issue(session, who.actor, wish, services.clock())
    except Invalid as invalid:
        shown = tuple(_distinct(str(value) for value in form.getlist("shown"))) or ("",)
        return await _page(request, services, who, LedgerFilter(ids=shown, size=MAX_CASES), typed, invalid.fields, 422)
    if len(result.orders) == 1 and not result.refused:
        return RedirectResponse(f"/orders/{result.orders[0].id}?done=open_order", 303)
    return render(request, "order_issued.html", result=result)


def _distinct(items: Any) -> Sequence[str]:
    return list(dict.fromkeys(items))
