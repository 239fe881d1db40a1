"""Messages and signals as an operator sees them: who said what, who waits for what. Of variables the names only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bpmn import codec
from cases.correlation import may_take, under_way
from cases.definitions import DefinitionStore
from cases.errors import NotFound
from cases.queries.pages import SIZE, Page, cursor, goes_back, page_of, values_of
from cases.tables.complaints import Complaint
from cases.tables.engine import Instance
from cases.tables.messages import Delivery, Published, SignalCatch
from cases.tables.worklist import Subscription

EXPORT = 10_000
LOOKED_AT = 1_000
# What the list shows → the statuses of messages in it.
STATUSES: dict[str, tuple[str, ...]] = {
    "buffered": ("buffered",), "expired": ("expired",), "dropped": ("dropped",), "done": ("delivered", "started"),
}  # fmt: skip
SHOWN = ("buffered", "under_way", "waiting", "expired", "dropped", "done")


@dataclass(frozen=True)
class MessageFilter:
    """``show`` is one of ``SHOWN``; ``case``: a case number, a case's id or an instance."""

    show: str = "buffered"
    name: str | None = None
    key: str | None = None
    case: str | None = None
    after: str | None = None
    size: int = SIZE


@dataclass(frozen=True)
class MessageRow:
    """``instance_id`` threw it, or else ``sender`` sent it; ``to_instance`` is who is to get it, on its way there."""

    id: str
    kind: str
    name: str
    key: str
    status: str
    instance_id: str | None
    case_no: str | None
    sender: str | None
    since: datetime
    until: datetime
    settled_at: datetime | None
    variables: tuple[str, ...]
    to_instance: str | None = None
    to_case_no: str | None = None
    tried_at: datetime | None = None
    tries: int = 0


@dataclass(frozen=True)
class CatchRow:
    """``catch`` is the subscription's key within its instance."""

    kind: str
    name: str
    key: str
    instance_id: str
    catch: int
    case_no: str | None
    element: str
    element_name: str
    since: datetime


@dataclass(frozen=True)
class MessageView:
    """``deliveries``: to whom it went, when, how often asked and how that came out."""

    row: MessageRow
    deliveries: Sequence[Delivery]
    catches: Sequence[CatchRow]


async def listed(session: AsyncSession, store: DefinitionStore, wanted: MessageFilter) -> Page[Any]:
    """``CatchRow``s of what waits for a message, else ``MessageRow``s."""
    if wanted.show == "waiting":
        return await catches(session, store, wanted)
    return await messages(session, wanted)


async def messages(session: AsyncSession, wanted: MessageFilter) -> Page[MessageRow]:
    """The oldest first of what waits, the newest first of what is settled."""
    if wanted.show == "under_way":
        return await _on_their_way(session, wanted)
    settled = wanted.show != "buffered"
    at = Published.settled_at if settled else Published.thrown_at
    named = _named(wanted, Published.name, Published.correlation_key)
    query = _said().where(Published.status.in_(STATUSES[wanted.show]), *named)
    if wanted.case:
        ids = await _instances(session, wanted.case)
        reached = select(Delivery.published_id).where(Delivery.instance_id.in_(ids))
        query = query.where(or_(Published.instance_id.in_(ids), Published.id.in_(reached)))
    if not settled:
        query = query.where(Published.kind == "message")
    down = settled != goes_back(wanted.after)
    if wanted.after:
        last = tuple_(*values_of(wanted.after, 2))
        query = query.where(tuple_(at, Published.id) < last if down else tuple_(at, Published.id) > last)
    order = (at.desc(), Published.id.desc()) if down else (at, Published.id)
    found = (await session.execute(query.order_by(*order).limit(wanted.size + 1))).all()
    rows = [_row(said, no) for said, no in found]
    return page_of(rows, wanted.size, wanted.after, lambda r: cursor(r.settled_at if settled else r.since, r.id))


async def _on_their_way(session: AsyncSession, wanted: MessageFilter) -> Page[MessageRow]:
    receiver, theirs = aliased(Instance), aliased(Complaint)
    query = (
        _said()
        .join(Delivery, Delivery.published_id == Published.id)
        .outerjoin(receiver, receiver.id == Delivery.instance_id)
        .outerjoin(theirs, theirs.id == receiver.business_key)
        .add_columns(Delivery, theirs.case_no)
        .where(Delivery.status == "open", *_named(wanted, Published.name, Published.correlation_key))
    )
    if wanted.case:
        ids = await _instances(session, wanted.case)
        query = query.where(or_(Published.instance_id.in_(ids), Delivery.instance_id.in_(ids)))
    columns, down = (Delivery.created_at, Delivery.id), goes_back(wanted.after)
    if wanted.after:
        here, there = tuple_(*columns), tuple_(*values_of(wanted.after, 2))
        query = query.where(here < there if down else here > there)
    query = query.order_by(*(column.desc() if down else column for column in columns)).limit(wanted.size + 1)
    found = (await session.execute(query)).all()
    page = page_of(found, wanted.size, wanted.after, lambda row: cursor(row[2].created_at, row[2].id))
    return Page([_row(said, no, going, to_no) for said, no, going, to_no in page.rows], page.next, page.previous)


async def catches(session: AsyncSession, store: DefinitionStore, wanted: MessageFilter) -> Page[CatchRow]:
    """Who waits for a message or a signal, the longest first; acts of people are none."""
    found: list[CatchRow] = []
    down = goes_back(wanted.after)
    ids = await _instances(session, wanted.case) if wanted.case else []
    for query, order in (_waiting_messages(), _waiting_signals()):
        table = order[0].class_
        name = table.message_name if table is Subscription else table.signal_name
        key = table.correlation_key if table is Subscription else literal("")
        query = query.where(*_named(wanted, name, key))
        if wanted.case:
            query = query.where(table.instance_id.in_(ids))
        if wanted.after:
            here, there = tuple_(*order), tuple_(*values_of(wanted.after, 3))
            query = query.where(here < there if down else here > there)
        along = [column.desc() if down else column for column in order]
        rows = await session.execute(query.order_by(*along).limit(wanted.size + 1))
        found += [CatchRow(*row) for row in rows]
    found.sort(key=lambda row: (row.since, row.instance_id, row.catch), reverse=down)
    page = page_of(found, wanted.size, wanted.after, lambda row: cursor(row.since, row.instance_id, row.catch))
    return replace(page, rows=await _with_names(session, store, list(page.rows)))


async def _with_names(session: AsyncSession, store: DefinitionStore, rows: list[CatchRow]) -> list[CatchRow]:
    """The row of a signal's catch has no name; that of an element of a called process stays its id."""
    nameless = {row.instance_id for row in rows if not row.element_name}
    if not nameless:
        return rows
    found = await session.execute(select(Instance.id, Instance.graph_hash).where(Instance.id.in_(nameless)))
    graphs = {id_: await store.graph(session, hash_) for id_, hash_ in found.all()}
    named = []
    for row in rows:
        node = graphs[row.instance_id].node(row.element) if row.instance_id in graphs else None
        named.append(replace(row, element_name=node.name) if node is not None and not row.element_name else row)
    return named


async def message(session: AsyncSession, id_: str) -> MessageView:
    """Raises NotFound. With every catch that could take it if an operator hands it over, those of its key first."""
    found = (await session.execute(_said().where(Published.id == id_))).one_or_none()
    if found is None:
        raise NotFound("没有这条消息，或者已过保存期。")
    said, no = found
    sent = await session.scalars(
        select(Delivery).where(Delivery.published_id == id_).order_by(Delivery.created_at, Delivery.id)
    )
    takers: list[CatchRow] = []
    if said.status == "buffered" and said.kind == "message":
        query, order = _waiting_messages()
        query = query.join(Published, may_take(any_key=True)).where(Published.id == id_, ~under_way())
        same = Subscription.correlation_key == said.correlation_key
        # Two statements, each along an index: one that sorts by both would look at every catch there is.
        for those in (same, ~same):
            rows = await session.execute(query.where(those).order_by(*order).limit(SIZE - len(takers)))
            takers += [CatchRow(*row) for row in rows]
    return MessageView(_row(said, no), list(sent), takers)


async def awaited_names(session: AsyncSession, pack: str) -> list[str]:
    """What somebody waits for now: offered where a message is sent by hand."""
    newest = (
        select(Subscription.message_name)
        .join(Instance, Instance.id == Subscription.instance_id)
        .where(Subscription.open, func.cardinality(Subscription.acts) == 0, Instance.pack == pack)
        .order_by(Subscription.opened_at.desc())
        .limit(LOOKED_AT)
        .subquery()
    )
    return sorted(await session.scalars(select(newest.c.message_name).distinct()))


def _said() -> Select[*tuple[Any, ...]]:
    return (
        select(Published, Complaint.case_no)
        .outerjoin(Instance, Instance.id == Published.instance_id)
        .outerjoin(Complaint, Complaint.id == Instance.business_key)
    )


def _named(wanted: MessageFilter, name: Any, key: Any) -> list[ColumnElement[bool]]:
    given = ((name, wanted.name), (key, wanted.key))
    return [column == text.strip() for column, text in given if text and text.strip()]


async def _instances(session: AsyncSession, text: str) -> list[str]:
    """Of a case number, a case or an instance. Looked up first, so that the lists go by their indexes."""
    exact = text.strip()
    case = select(Complaint.id).where(Complaint.case_no == exact)
    wanted = select(Instance.id).where(
        or_(Instance.id == exact, Instance.business_key == exact, Instance.business_key.in_(case))
    )
    return list(await session.scalars(wanted.limit(LOOKED_AT)))


def _waiting_messages() -> tuple[Select[*tuple[Any, ...]], tuple[Any, ...]]:
    columns = (
        literal("message"), Subscription.message_name, Subscription.correlation_key, Subscription.instance_id,
        Subscription.key, Complaint.case_no, Subscription.element_id, Subscription.name, Subscription.opened_at,
    )  # fmt: skip
    query = (
        select(*columns)
        .join(Instance, Instance.id == Subscription.instance_id)
        .outerjoin(Complaint, Complaint.id == Instance.business_key)
        .where(Subscription.open, func.cardinality(Subscription.acts) == 0)
    )
    return query, (Subscription.opened_at, Subscription.instance_id, Subscription.key)


def _waiting_signals() -> tuple[Select[*tuple[Any, ...]], tuple[Any, ...]]:
    columns = (
        literal("signal"), SignalCatch.signal_name, literal(""), SignalCatch.instance_id, SignalCatch.key,
        Complaint.case_no, SignalCatch.element_id, literal(""), SignalCatch.opened_at,
    )  # fmt: skip
    query = (
        select(*columns)
        .join(Instance, Instance.id == SignalCatch.instance_id)
        .outerjoin(Complaint, Complaint.id == Instance.business_key)
        .where(SignalCatch.open)
    )
    return query, (SignalCatch.opened_at, SignalCatch.instance_id, SignalCatch.key)


def _row(said: Published, no: str | None, going: Delivery | None = None, to_no: str | None = None) -> MessageRow:
    given = codec.load_variables(said.variables)
    names = tuple(sorted(given)) if isinstance(given, dict) else ()
    row = MessageRow(
        said.id, said.kind, said.name, said.correlation_key, said.status, said.instance_id, no, said.sender,
        said.thrown_at, said.expires_at, said.settled_at, names,
    )  # fmt: skip
    if going is None:
        return row
    shown = {
        **vars(row), "since": going.created_at, "to_instance": going.instance_id, "to_case_no": to_no,
        "tried_at": going.tried_at, "tries": going.tries,
    }  # fmt: skip
    return MessageRow(**shown)
