"""The work list: open tasks that an actor may take, by due date, in one query however many there are."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from cases import access
from cases.access import Actor
from cases.orders.states import PROCESS as ORDER
from cases.queries.light import Lights
from cases.queries.pages import NEVER, SIZE, Page, cursor, values_of
from cases.tables.clocks import Deadline
from cases.tables.complaints import Complaint
from cases.tables.engine import Instance
from cases.tables.organisations import Account, Organisation
from cases.tables.worklist import Task

Open = Select[Task, Complaint, Deadline, str, str, str]
DUE: ColumnElement[datetime] = func.coalesce(Deadline.due_at, Task.due_at, NEVER)


@dataclass(frozen=True)
class TaskFilter:
    """``whose``: all, mine, free (nobody's). ``light``: red, yellow, green or None for any."""

    unit: str | None = None
    stage: str | None = None
    light: str | None = None
    whose: str = "all"
    after: str | None = None
    size: int = SIZE


@dataclass(frozen=True)
class TaskRow:
    task: Task
    complaint: Complaint
    deadline: Deadline | None
    assignee: str | None
    unit_name: str | None
    respondent: str
    light: str
    days_left: int | None
    due_at: datetime | None = field(default=None)

    @property
    def order_id(self) -> str | None:
        """The supervision order that the task belongs to, if it is not one of the case itself."""
        process, _, key = self.task.instance_id.partition(":")
        return key if process == ORDER else None


async def task_list(session: AsyncSession, actor: Actor, lights: Lights, wanted: TaskFilter) -> Page[TaskRow]:
    query = _filtered(_open_tasks(actor), actor, lights, wanted)
    order = (DUE, Task.instance_id, Task.key)
    if wanted.after:
        query = query.where(tuple_(*order) > tuple_(*values_of(wanted.after, 3)))
    found = (await session.execute(query.order_by(*order).limit(wanted.size + 1))).all()
    rows = [_row(lights, *row) for row in found[: wanted.size]]
    last = rows[-1] if len(found) > wanted.size else None
    return Page(rows, cursor(last.due_at or NEVER, last.task.instance_id, last.task.key) if last else None)


async def task_counts(session: AsyncSession, actor: Actor, lights: Lights) -> dict[str, int]:
    """Open tasks by light, and how many are the actor's own."""
    light = lights.column(Deadline.due_at, Deadline.start_at)
    base = _open_tasks(actor).with_only_columns(
        light.label("light"), (Task.assignee_id == actor.account_id).label("own")
    )
    rows = base.subquery()
    counted = (
        await session.execute(
            select(rows.c.light, func.count(), func.count().filter(rows.c.own)).group_by(rows.c.light)
        )
    ).all()
    counts = {name: count for name, count, _ in counted}
    return counts | {"all": sum(counts.values()), "mine": sum(own for _, _, own in counted)}


def _open_tasks(actor: Actor) -> Open:
    respondent = Organisation.__table__.alias("respondent")
    unit = Organisation.__table__.alias("unit")
    return (
        access.visible(actor)
        .select_from(Complaint)
        .join(Instance, Instance.business_key == Complaint.id)
        .join(Task, Task.instance_id == Instance.id)
        .outerjoin(Deadline, and_(Deadline.instance_id == Task.instance_id, Deadline.key == Task.deadline_key))
        .outerjoin(Account, Account.id == Task.assignee_id)
        .outerjoin(unit, unit.c.uscc == Task.unit)
        .join(respondent, respondent.c.uscc == Complaint.respondent_uscc)
        .where(Task.status == "open", Task.candidates.overlap(actor.groups))
        .with_only_columns(Task, Complaint, Deadline, Account.display_name, unit.c.name, respondent.c.name)
    )


def _filtered(query: Open, actor: Actor, lights: Lights, wanted: TaskFilter) -> Open:
    if wanted.unit:
        query = query.where(Task.unit == wanted.unit)
    if wanted.stage:
        query = query.where(Complaint.stage == wanted.stage)
    if wanted.light:
        query = query.where(lights.column(Deadline.due_at, Deadline.start_at) == wanted.light)
    if wanted.whose == "mine":
        query = query.where(Task.assignee_id == actor.account_id)
    if wanted.whose == "free":
        query = query.where(Task.assignee_id.is_(None))
    return query


def _row(
    lights: Lights, task: Task, complaint: Complaint, deadline: Deadline | None, assignee: str | None,
    unit: str | None, respondent: str,
) -> TaskRow:  # fmt: skip
    due_at = (deadline.due_at if deadline else None) or task.due_at
    light = lights.of(due_at, deadline.start_at if deadline else None)
    days = lights.left(deadline.due) if deadline and deadline.due else None
    return TaskRow(task, complaint, deadline, assignee, unit, respondent, light, days, due_at)
