"""One order as an actor may see it: its cases, clocks, letters, papers, what was done, and what may be done now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from cases import access
from cases.access import Actor
from cases.errors import NotFound
from cases.orders.access import find_order
from cases.people.entitlement import may, taking
from cases.queries.instance_rows import clocks_of, incidents_of, open_acts
from cases.queries.light import Lights
from cases.queries.orders import days_open
from cases.queries.units import names_of
from cases.tables.clocks import Deadline, DeadlineChange
from cases.tables.complaints import Complaint, Document
from cases.tables.engine import Incident, Instance
from cases.tables.letters import Letter
from cases.tables.orders import OrderCase, OrderPaper, SupervisionOrder
from cases.tables.organisations import Account, Organisation
from cases.tables.worklist import Submission, Subscription, Task

# What a person did to an order, as its page tells it; the letter chain's steps are told by the letters.
TOLD = frozenset(
    {"reply_order", "accept_reply", "return_reply", "close_order", "withdraw_order", "urge", "dismiss_urge",
     "interview", "dismiss_interview", "raise_order", "dismiss_raise_order"}
)  # fmt: skip


@dataclass(frozen=True)
class ConcernedCase:
    """``seen``: the actor may open it."""

    complaint: Complaint
    respondent: str
    seen: bool


@dataclass(frozen=True)
class Deed:
    submission: Submission
    person: str | None
    unit: str | None

    @property
    def words(self) -> str:
        return next((str(self.submission.form[k]) for k in ("words", "reason", "opinion", "conclusion")
                     if self.submission.form.get(k)), "")  # fmt: skip


@dataclass
class OrderView:
    order: SupervisionOrder
    issuer: str
    issuer_person: str | None
    addressee: str
    days: int
    working_days: int
    is_addressee: bool
    cases: list[ConcernedCase] = field(default_factory=list)
    deadlines: list[Deadline] = field(default_factory=list)
    changes: Mapping[int, list[DeadlineChange]] = field(default_factory=dict)
    letters: list[Letter] = field(default_factory=list)
    papers: list[Document] = field(default_factory=list)
    deeds: list[Deed] = field(default_factory=list)
    my_tasks: list[Task] = field(default_factory=list)
    open_acts: list[Subscription] = field(default_factory=list)
    pending: list[Submission] = field(default_factory=list)
    incidents: list[Incident] = field(default_factory=list)
    channel: str = ""
    pack: str = ""


async def order_view(session: AsyncSession, actor: Actor, order_id: str, lights: Lights) -> OrderView:
    order = await find_order(session, actor, order_id)
    lead = await session.get_one(Complaint, order.complaint_id)
    names = await names_of(session, {order.issuer_uscc, order.addressee_uscc})
    person = await session.get(Account, order.issuer_account_id) if order.issuer_account_id else None
    days, working = days_open(order, lights)
    view = OrderView(
        order, names.get(order.issuer_uscc, ""), person.display_name if person else None,
        names.get(order.addressee_uscc, ""), days, working,
        order.addressee_uscc in {duty.uscc for duty in actor.duties}, channel=lead.channel, pack=lead.pack,
    )  # fmt: skip
    view.cases = await _cases(session, actor, order)
    view.deadlines, view.changes = await clocks_of(session, order.instance_id)
    letters = await session.scalars(_letters(actor, order).order_by(Letter.drafted_at, Letter.id))
    view.letters = list(letters)
    papers = await session.scalars(
        select(Document)
        .join(OrderPaper, OrderPaper.document_id == Document.id)
        .where(OrderPaper.order_id == order.id)
        .options(defer(Document.content))
        .order_by(Document.added_at)
    )
    view.papers = list(papers)
    await _deeds(session, view)
    await _work(session, view, actor, lead, lights)
    return view


async def _cases(session: AsyncSession, actor: Actor, order: SupervisionOrder) -> list[ConcernedCase]:
    seen = set(await session.scalars(
        access.visible(actor)
        .where(Complaint.id.in_(select(OrderCase.complaint_id).where(OrderCase.order_id == order.id)))
        .with_only_columns(Complaint.id)
    ))  # fmt: skip
    rows = await session.execute(
        select(Complaint, Organisation.name)
        .join(OrderCase, OrderCase.complaint_id == Complaint.id)
        .join(Organisation, Organisation.uscc == Complaint.respondent_uscc)
        .where(OrderCase.order_id == order.id)
        .order_by(OrderCase.position)
    )
    return [ConcernedCase(complaint, name, complaint.id in seen) for complaint, name in rows]


def _letters(actor: Actor, order: SupervisionOrder) -> Any:
    """The addressee reads what was issued; the issuer's side its drafts as well."""
    query = (
        select(Letter)
        .where((Letter.instance_id == order.instance_id) | (Letter.id == order.letter_id))
        .options(defer(Letter.pdf))
    )
    if order.issuer_uscc in {duty.uscc for duty in actor.duties}:
        return query
    return query.where(Letter.number.is_not(None))


async def letter_of_order(session: AsyncSession, actor: Actor, order: SupervisionOrder, letter_id: str) -> Letter:
    row: Letter | None = await session.scalar(_letters(actor, order).where(Letter.id == letter_id))
    if row is None:
        raise NotFound("没有找到这份文书，或者您无权查看。")
    await session.refresh(row, ["pdf"])
    return row


async def paper_of_order(session: AsyncSession, order: SupervisionOrder, document_id: str) -> Document:
    row = await session.scalar(
        select(Document)
        .join(OrderPaper, OrderPaper.document_id == Document.id)
        .where(OrderPaper.order_id == order.id, Document.id == document_id)
    )
    if row is None:
        raise NotFound("没有找到这份材料，或者您无权查看。")
    return row


async def _deeds(session: AsyncSession, view: OrderView) -> None:
    rows = await session.execute(
        select(Submission, Account.display_name, Organisation.name)
        .outerjoin(Account, Account.id == Submission.account_id)
        .outerjoin(Organisation, Organisation.uscc == Submission.unit)
        .where(Submission.instance_id == view.order.instance_id, Submission.act.in_(TOLD))
        .where(Submission.status != "refused")
        .order_by(Submission.occurred_at, Submission.id)
    )
    found = [Deed(*row) for row in rows]
    view.deeds = [deed for deed in found if deed.submission.status == "done"]
    view.pending = [deed.submission for deed in found if deed.submission.status == "pending"]


async def _work(session: AsyncSession, view: OrderView, actor: Actor, lead: Complaint, lights: Lights) -> None:
    of = view.order.instance_id
    tasks = await session.scalars(select(Task).where(Task.instance_id == of, Task.status == "open").order_by(Task.key))
    view.my_tasks = [task for task in tasks if await may(session, actor, lead, taking(task))]
    instance = await session.get_one(Instance, of)
    view.open_acts, _ = await open_acts(session, actor, instance, lead, lights.now)
    view.incidents = await incidents_of(session, of)
