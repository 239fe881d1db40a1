"""督办台账: the orders that an actor may see, filtered, counted and paged; every count is the length of its list."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, Subquery, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from cases.access import Actor
from cases.deadlines.counting import working_days_between
from cases.deadlines.zone import SHANGHAI, day_of, end_of
from cases.orders.access import visible_orders
from cases.orders.states import ENDED, LISTED
from cases.queries.light import Lights
from cases.queries.next_due import next_due
from cases.queries.pages import SIZE, Page, cursor, goes_back, page_of, values_of
from cases.tables.complaints import Complaint
from cases.tables.letters import Letter
from cases.tables.orders import OrderCase, SupervisionOrder
from cases.tables.organisations import Organisation

Found = Select[
    SupervisionOrder, str, str, str, int, str | None, date | None, datetime | None, datetime | None, bool | None
]
OPEN = "open"
EXPORT = 5_000


@dataclass(frozen=True)
class OrderFilter:
    """``state`` is a state or ``open``; units by name or code; ``light`` counts open orders only."""

    text: str | None = None
    issuer: str | None = None
    addressee: str | None = None
    state: str | None = None
    kind: str | None = None
    light: str | None = None
    since: date | None = None
    until: date | None = None
    after: str | None = None
    size: int = SIZE


@dataclass(frozen=True)
class OrderRow:
    """``open_days`` and ``open_working_days`` from service to closing, or to now."""

    order: SupervisionOrder
    issuer: str
    addressee: str
    case_no: str
    cases: int
    letter_no: str | None
    due: date | None
    light: str
    days_left: int | None
    provisional: bool
    open_days: int
    open_working_days: int


def days_open(order: SupervisionOrder, lights: Lights) -> tuple[int, int]:
    """Calendar and working days that an order has stood open; the day of service is day 0."""
    start = day_of(order.served_at or order.opened_at)
    end = max(day_of(order.ended_at or lights.now), start)
    return (end - start).days, working_days_between(lights.calendar, start, end)


async def order_list(session: AsyncSession, actor: Actor, lights: Lights, wanted: OrderFilter) -> Page[OrderRow]:
    query, due = _query(actor)
    query = query.where(*_conditions(wanted, lights, due))
    columns, up = (SupervisionOrder.opened_at, SupervisionOrder.id), goes_back(wanted.after)
    if wanted.after:
        here, there = tuple_(*columns), tuple_(*values_of(wanted.after, 2))
        query = query.where(here > there if up else here < there)
    query = query.order_by(*(column if up else column.desc() for column in columns)).limit(wanted.size + 1)
    rows = [_row(lights, *row) for row in (await session.execute(query)).all()]
    return page_of(rows, wanted.size, wanted.after, lambda row: cursor(row.order.opened_at, row.order.id))


async def order_counts(session: AsyncSession, actor: Actor, lights: Lights) -> Counter[str]:
    """By state, by ``light:COLOUR`` among the open ones, ``open`` and ``listed`` (open 挂牌)."""
    query, due = _query(actor)
    light = lights.column(due.c.due_at, due.c.start_at).label("light")
    rows = await session.execute(
        query.with_only_columns(SupervisionOrder.state, SupervisionOrder.kind, light, func.count().label("n")).group_by(
            SupervisionOrder.state, SupervisionOrder.kind, light
        )
    )
    counts: Counter[str] = Counter()
    for state, kind, colour, number in rows:
        counts[state] += number
        if state not in ENDED:
            counts.update({OPEN: number, f"light:{colour}": number})
            counts.update({LISTED: number} if kind == LISTED else {})
    return counts


async def orders_of(session: AsyncSession, actor: Actor, lights: Lights, complaint_id: str) -> list[OrderRow]:
    """Those that concern one case, the oldest first."""
    query, _ = _query(actor)
    concerned = select(OrderCase.order_id).where(OrderCase.complaint_id == complaint_id)
    query = query.where(SupervisionOrder.id.in_(concerned)).order_by(SupervisionOrder.opened_at)
    return [_row(lights, *row) for row in (await session.execute(query)).all()]


def _query(actor: Actor) -> tuple[Found, Subquery]:
    due = next_due().subquery("next_due")
    issuer, addressee = (Organisation.__table__.alias(name) for name in ("issuer", "addressee"))
    count = (
        select(func.count())
        .select_from(OrderCase)
        .where(OrderCase.order_id == SupervisionOrder.id)
        .correlate(SupervisionOrder)
        .scalar_subquery()
    )
    query = (
        visible_orders(actor)
        .join(issuer, issuer.c.uscc == SupervisionOrder.issuer_uscc)
        .join(addressee, addressee.c.uscc == SupervisionOrder.addressee_uscc)
        .outerjoin(Letter, Letter.id == SupervisionOrder.letter_id)
        .outerjoin(due, due.c.instance_id == SupervisionOrder.instance_id)
        .with_only_columns(
            SupervisionOrder, issuer.c.name, addressee.c.name, Complaint.case_no, count, Letter.number,
            due.c.due, due.c.due_at, due.c.start_at, due.c.provisional,
        )
    )  # fmt: skip
    return query, due


def _conditions(wanted: OrderFilter, lights: Lights, due: Subquery) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.state == OPEN:
        found.append(SupervisionOrder.state.not_in(ENDED))
    elif wanted.state:
        found.append(SupervisionOrder.state == wanted.state)
    if wanted.kind:
        found.append(SupervisionOrder.kind == wanted.kind)
    if wanted.light:
        found.append(lights.column(due.c.due_at, due.c.start_at) == wanted.light)
        found.append(SupervisionOrder.state.not_in(ENDED))
    if wanted.since:
        found.append(SupervisionOrder.opened_at >= datetime.combine(wanted.since, datetime.min.time(), SHANGHAI))
    if wanted.until:
        found.append(SupervisionOrder.opened_at < end_of(wanted.until))
    for column, text in (
        (SupervisionOrder.issuer_uscc, wanted.issuer),
        (SupervisionOrder.addressee_uscc, wanted.addressee),
    ):
        if text:
            found.append(column.in_(_units(text.strip())))
    if wanted.text:
        like = f"%{_escaped(wanted.text.strip())}%"
        cases = (
            select(OrderCase.order_id)
            .join(Complaint, Complaint.id == OrderCase.complaint_id)
            .where(Complaint.case_no.ilike(like))
        )
        found.append(
            or_(SupervisionOrder.number.ilike(like), Letter.number.ilike(like), SupervisionOrder.id.in_(cases))
        )
    return found


def _units(text: str) -> Select[str]:
    return select(Organisation.uscc).where(
        or_(Organisation.uscc == text.upper(), Organisation.name.ilike(f"%{_escaped(text)}%"))
    )


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _row(
    lights: Lights, order: SupervisionOrder, issuer: str, addressee: str, case_no: str, cases: int,
    letter_no: str | None, due: date | None, due_at: datetime | None, start_at: datetime | None,
    provisional: bool | None,
) -> OrderRow:  # fmt: skip
    light = lights.of(due_at, start_at) if order.state not in ENDED else "none"
    days, working = days_open(order, lights)
    return OrderRow(
        order, issuer, addressee, case_no, cases, letter_no, due, light, lights.left(due), bool(provisional), days,
        working,
    )  # fmt: skip
