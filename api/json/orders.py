"""Supervision orders by program: the ledger, one order, issuing."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from api.services import Wired
from api.who import ApiStaff
from cases.orders.issue import Wish, issue
from cases.queries.light import lights_for
from cases.queries.order_view import order_view
from cases.queries.orders import OrderFilter, OrderRow, order_list

router = APIRouter(tags=["orders"])


class OrderOut(BaseModel):
    """Days are calendar days unless named working; ``light``: red, yellow, green, none."""

    order_id: str
    number: str
    kind: str
    state: str
    issuer: str
    addressee: str
    case_no: str
    cases: int
    letter_no: str | None
    due: date | None
    light: str
    working_days_left: int | None
    provisional: bool
    returns: int
    days_open: int
    working_days_open: int
    opened_at: datetime
    ended_at: datetime | None


class OrderPage(BaseModel):
    items: list[OrderOut]
    next: str | None


class OpenThing(BaseModel):
    key: int
    name: str
    acts: list[str]


class OrderDetail(BaseModel):
    """``tasks`` and ``open_acts`` are those of the caller: done at /cases/{case_id}/tasks/{key}?order={order_id}."""

    order_id: str
    number: str
    state: str
    case_id: str
    case_nos: list[str]
    reason: str
    demand: str
    tasks: list[OpenThing]
    open_acts: list[OpenThing]


class OrderIn(BaseModel):
    """``key`` is the caller's: the same one twice is the same orders. ``addressee``: holder or respondent."""

    key: str = Field(min_length=8, max_length=64)
    kind: str = "supervision"
    case_ids: list[str] = Field(max_length=100)
    addressee: str = "holder"
    reason: str
    demand: str
    reply_working_days: int | None = None


class OrdersIssued(BaseModel):
    """``refused``: case number to the reason why it has no order."""

    order_ids: list[str]
    refused: dict[str, str]


@router.get("/orders", summary="督办台账")
async def orders(
    services: Wired, who: ApiStaff, text: str | None = None, issuer: str | None = None, addressee: str | None = None,
    state: str | None = None, kind: str | None = None, light: str | None = None, since: date | None = None,
    until: date | None = None, after: str | None = None, size: Annotated[int, Query(ge=1, le=200)] = 50,
) -> OrderPage:  # fmt: skip
    wanted = OrderFilter(text, issuer, addressee, state, kind, light, since, until, after, size)
    async with services.transaction() as session:
        lights = await lights_for(session, services.pack, services.clock())
        page = await order_list(session, who.actor, lights, wanted)
    return OrderPage(items=[_out(row) for row in page.rows], next=page.next)


@router.get("/orders/{order_id}", summary="一个督办件")
async def order(services: Wired, who: ApiStaff, order_id: str) -> OrderDetail:
    async with services.transaction() as session:
        lights = await lights_for(session, services.pack, services.clock())
        view = await order_view(session, who.actor, order_id, lights)
    return OrderDetail(
        order_id=view.order.id, number=view.order.number, state=view.order.state, case_id=view.order.complaint_id,
        case_nos=[item.complaint.case_no for item in view.cases], reason=view.order.reason, demand=view.order.demand,
        tasks=[OpenThing(key=row.key, name=row.name, acts=row.acts) for row in view.my_tasks],
        open_acts=[OpenThing(key=row.key, name=row.name, acts=row.acts) for row in view.open_acts],
    )  # fmt: skip


@router.post("/orders", status_code=201, summary="发起督办")
async def create(services: Wired, who: ApiStaff, given: OrderIn) -> OrdersIssued:
    days = "" if given.reply_working_days is None else str(given.reply_working_days)
    wish = Wish(
        f"{who.account.id}:{given.key}", given.kind, given.case_ids, given.addressee, given.reason, given.demand, days
    )
    async with services.transaction() as session:
        result = await issue(session, who.actor, wish, services.clock())
        return OrdersIssued(order_ids=[row.id for row in result.orders], refused=result.refused)


def _out(row: OrderRow) -> OrderOut:
    o = row.order
    return OrderOut(
        order_id=o.id, number=o.number, kind=o.kind, state=o.state, issuer=row.issuer, addressee=row.addressee,
        case_no=row.case_no, cases=row.cases, letter_no=row.letter_no, due=row.due if row.light != "none" else None,
        light=row.light, working_days_left=row.days_left, provisional=row.provisional, returns=o.returns,
        days_open=row.open_days, working_days_open=row.open_working_days, opened_at=o.opened_at, ended_at=o.ended_at,
    )  # fmt: skip
