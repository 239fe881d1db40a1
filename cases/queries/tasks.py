"""The work list: open tasks that an actor may take, by due date, in one query however many there are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, case, false, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from cases import access
from cases.access import Actor, Duty
from cases.orders.states import order_of
from cases.people.grave import GRAVE_ACTS
from cases.people.recusal import open_to
from cases.queries.light import Lights
from cases.queries.pages import NEVER, SIZE, Page, cursor, goes_back, page_of, values_of
from cases.searching.finding import having, sought
from cases.tables.clocks import Deadline
from cases.tables.complaints import Complaint
from cases.tables.organisations import Account, Organisation
from cases.tables.people import Recusal
from cases.tables.positions import TaskPosition
from cases.tables.searching import CaseText
from cases.tables.worklist import Task

Row = TaskPosition
Open = Select[TaskPosition]
NORMAL = 50
LATER = "later"
DUE: ColumnElement[datetime] = func.coalesce(Row.due_at, NEVER)


@dataclass(frozen=True)
class TaskFilter:
    """``whose``: all, mine, free (nobody's), entrusted (those of somebody stood in for), later (whose follow-up date is
    yet to come; the others leave these out, unless somebody has taken them). ``light``: red, yellow, green or None for
    any. ``urgent``: of raised priority only. ``text``: words of the case's number, title or projects, or a
    part of the respondent's name. ``newest``: what came last stands first, not what is due first.
    """

    unit: str | None = None
    stage: str | None = None
    light: str | None = None
    whose: str = "all"
    after: str | None = None
    size: int = SIZE
    urgent: bool = False
    text: str | None = None
    newest: bool = False


@dataclass(frozen=True)
class TaskRow:
    """``behalf``: the name of whom the reader stands in for."""

    task: Task
    complaint: Complaint
    deadline: Deadline | None
    assignee: str | None
    unit_name: str | None
    respondent: str
    light: str
    days_left: int | None
    due_at: datetime | None = field(default=None)
    behalf: str | None = None

    @property
    def order_id(self) -> str | None:
        """The supervision order that the task belongs to, if it is not one of the case itself."""
        return order_of(self.task.instance_id)


@dataclass(frozen=True)
class Order:
    """``columns`` tell every task from every other, ``moments`` of them are instants; ``place`` is their row's."""

    columns: tuple[ColumnElement[Any], ...]
    place: Callable[[TaskRow], tuple[Any, ...]]
    down: bool = False
    moments: tuple[int, ...] = (0,)


# Of those that are due at one moment, what is more urgent; of these, what was received first.
DUE_FIRST = Order(
    (DUE, -Row.priority, Row.created_at.expression, Row.instance_id.expression, Row.key.expression),
    lambda row: (row.due_at or NEVER, -row.task.priority, row.task.created_at, row.task.instance_id, row.task.key),
    moments=(0, 2),
)
NEWEST_FIRST = Order(
    (Row.created_at.expression, Row.instance_id.expression, Row.key.expression),
    lambda row: (row.task.created_at, row.task.instance_id, row.task.key), down=True,
)  # fmt: skip


async def place_of(session: AsyncSession, instance_id: str, key: int, newest: bool) -> str | None:
    """Where a task stands or stood in the order of the list, also one that is done, as the mark of a page."""
    task = await session.get(Task, (instance_id, key))
    if task is None:
        return None
    if newest:
        return cursor(task.created_at, instance_id, key)
    clock = await session.get(Deadline, (instance_id, task.deadline_key)) if task.deadline_key is not None else None
    return cursor(due_of(task, clock) or NEVER, -task.priority, task.created_at, instance_id, key)


def due_of(task: Task, clock: Deadline | None) -> datetime | None:
    """Of a clock that stands still, none."""
    if clock is not None and clock.status == "paused":
        return None
    return (clock.due_at if clock else None) or task.due_at


async def task_list(session: AsyncSession, actor: Actor, lights: Lights, wanted: TaskFilter) -> Page[TaskRow]:
    query = _filtered(open_tasks(actor).where(workable(actor)), actor, lights, wanted)
    order = NEWEST_FIRST if wanted.newest else DUE_FIRST
    return await paged(session, actor, lights, query, wanted.after, wanted.size, order)


async def task_count(session: AsyncSession, actor: Actor, lights: Lights, wanted: TaskFilter) -> int:
    """How many the filter leaves, on all pages."""
    query = _filtered(open_tasks(actor).where(workable(actor)), actor, lights, wanted)
    return await session.scalar(query.with_only_columns(func.count())) or 0


async def paged(
    session: AsyncSession, actor: Actor, lights: Lights, query: Open, after: str | None, size: int,
    order: Order = DUE_FIRST,
) -> Page[TaskRow]:  # fmt: skip
    down = order.down != goes_back(after)
    columns = order.columns if not down else tuple(column.desc() for column in order.columns)
    if after:
        here, there = tuple_(*order.columns), tuple_(*values_of(after, len(order.columns), order.moments))
        query = query.where(here < there if down else here > there)
    keys = query.with_only_columns(Row.instance_id, Row.key).order_by(*columns).limit(size + 1).subquery("page")
    found = (await session.execute(_told(keys).order_by(*columns))).all()
    rows = [_row(actor, lights, *row) for row in found]
    return page_of(rows, size, after, lambda row: cursor(*order.place(row)))


def _told(keys: FromClause) -> Select[*tuple[Any, ...]]:
    """Everything that a page says about its tasks."""
    respondent = Organisation.__table__.alias("respondent")
    unit = Organisation.__table__.alias("unit")
    return (
        select(Task, Complaint, Deadline, Account.display_name, unit.c.name, respondent.c.name)
        .select_from(keys)
        .join(Row, and_(Row.instance_id == keys.c.instance_id, Row.key == keys.c.key))
        .join(Task, and_(Task.instance_id == keys.c.instance_id, Task.key == keys.c.key))
        .join(Complaint, Complaint.id == Row.id)
        .outerjoin(Deadline, and_(Deadline.instance_id == Task.instance_id, Deadline.key == Task.deadline_key))
        .outerjoin(Account, Account.id == Task.assignee_id)
        .outerjoin(unit, unit.c.uscc == Task.unit)
        .join(respondent, respondent.c.uscc == Complaint.respondent_uscc)
    )


async def task_counts(
    session: AsyncSession, actor: Actor, lights: Lights, wanted: TaskFilter | None = None
) -> dict[str, int]:
    """Open tasks by light, and how many are the actor's own; of those whose unit, stage and text are ``wanted``."""
    asked = _about_the_case(open_tasks(actor).where(workable(actor)), wanted or TaskFilter())
    base = asked.with_only_columns(
        case((_later(lights), LATER), else_=lights.column(Row.due_at, Row.start_at)).label("light"),
        (Row.assignee_id == actor.account_id).label("own"),
        entrusted(actor).label("entrusted"),
        (Row.priority > NORMAL).label("urgent"),
    )
    rows = base.subquery()
    marks = [func.count().filter(rows.c[name]) for name in ("own", "entrusted", "urgent")]
    counted = (await session.execute(select(rows.c.light, func.count(), *marks).group_by(rows.c.light))).all()
    counts = {name: count for name, count, *_ in counted}
    totals = [sum(row[index] for row in counted if row[0] != LATER) for index in range(1, 5)]
    return counts | dict(zip(("all", "mine", "entrusted", "urgent"), totals, strict=True))


def _later(lights: Lights) -> ColumnElement[bool]:
    """Not before its follow-up date, unless somebody has already taken it, or it would be late by then."""
    in_time = or_(Row.due_at.is_(None), Row.due_at > Row.follow_up_at)
    yet = and_(Row.follow_up_at.is_not(None), Row.follow_up_at > lights.now, Row.assignee_id.is_(None), in_time)
    return func.coalesce(yet, false())


def workable(actor: Actor) -> ColumnElement[bool]:
    """Tasks that the actor may take, by the rule of ``cases.people.entitlement`` as SQL."""
    own = Row.candidates.overlap(actor.groups)
    return and_(or_(own, entrusted(actor)), open_to(actor))


def entrusted(actor: Actor) -> ColumnElement[bool]:
    """Tasks that the actor sees in somebody else's name: that person's own, and those of the unit that are nobody's and
    that the actor could not take otherwise.
    """
    own = Row.candidates.overlap(actor.groups)
    return or_(false(), *(_entrusted_by(duty, own) for duty in actor.entrusted))


def _entrusted_by(duty: Duty, own: ColumnElement[bool]) -> ColumnElement[bool]:
    recused = select(Recusal.complaint_id).where(Recusal.account_id == duty.behalf, Recusal.lifted_at.is_(None))
    conditions = [
        Row.candidates.overlap(duty.groups),
        or_(Row.assignee_id == duty.behalf, and_(Row.assignee_id.is_(None), ~own)),
        Row.id.not_in(recused),
    ]
    if not duty.grave:
        conditions.append(~Row.acts.contained_by(sorted(GRAVE_ACTS)))
    return and_(*conditions)


def open_tasks(actor: Actor) -> Open:
    """Open tasks of the cases that the actor may see, whoever may take them."""
    return select(Row).where(access.sees(actor, Row))


def _filtered(query: Open, actor: Actor, lights: Lights, wanted: TaskFilter) -> Open:
    query = _about_the_case(query.where(_later(lights) if wanted.whose == LATER else ~_later(lights)), wanted)
    if wanted.light:
        query = query.where(lights.column(Row.due_at, Row.start_at) == wanted.light)
    if wanted.whose == "mine":
        query = query.where(Row.assignee_id == actor.account_id)
    if wanted.whose == "free":
        query = query.where(Row.assignee_id.is_(None))
    if wanted.whose == "entrusted":
        query = query.where(entrusted(actor))
    if wanted.urgent:
        query = query.where(Row.priority > NORMAL)
    return query


def _about_the_case(query: Open, wanted: TaskFilter) -> Open:
    if wanted.unit:
        query = query.where(Row.unit == wanted.unit)
    if wanted.stage:
        query = query.where(Row.stage == wanted.stage)
    return query.where(_about(wanted.text)) if wanted.text else query


def _about(text: str) -> ColumnElement[bool]:
    """Asked of the tasks of one person: few enough to look at the words of each case."""
    said = select(CaseText.id).where(CaseText.id == Row.id, *having(sought(text))).exists()
    named = select(Organisation.uscc).where(Organisation.name.icontains(text.strip(), autoescape=True))
    return or_(said, Row.respondent_uscc.in_(named))


def behalf_of(actor: Actor, task: Task) -> str | None:
    """The same as ``entrusted``, of one row."""
    groups = set(task.candidates)
    theirs = [duty for duty in actor.entrusted if groups & set(duty.groups)]
    if task.assignee_id is None:
        return None if groups & set(actor.groups) or not theirs else theirs[0].behalf_name
    return next((duty.behalf_name for duty in theirs if duty.behalf == task.assignee_id), None)


def _row(
    actor: Actor, lights: Lights, task: Task, complaint: Complaint, deadline: Deadline | None, assignee: str | None,
    unit: str | None, respondent: str,
) -> TaskRow:  # fmt: skip
    stopped = deadline is not None and deadline.status == "paused"
    due_at = due_of(task, deadline)
    light = lights.of(due_at, deadline.start_at if deadline else None)
    days = lights.left(deadline.due) if deadline and deadline.due and not stopped else None
    return TaskRow(
        task, complaint, deadline, assignee, unit, respondent, light, days, due_at, behalf_of(actor, task)
    )  # fmt: skip
