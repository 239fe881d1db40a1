"""Keeping ``task_position``: one statement says what the row of an open task must be."""

from __future__ import annotations

from functools import cache
from typing import Any, cast

from sqlalchemy import (
    CTE,
    BindParameter,
    Select,
    Table,
    and_,
    any_,
    bindparam,
    case,
    delete,
    func,
    literal,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.ext.asyncio import AsyncSession

from cases.statements import run
from cases.tables.clocks import Deadline
from cases.tables.complaints import Complaint
from cases.tables.engine import Instance
from cases.tables.positions import TaskPosition
from cases.tables.worklist import Task

COMPLAINANT = "complainant"
_TABLE = cast(Table, TaskPosition.__table__)
_COLUMNS = tuple(column.name for column in _TABLE.columns)
# A complainant's task names its case where others name a unit; all of them are one pool.
# A clock that stands still is due on no day, whatever the day was before it was stopped: nobody is late by it.
_RUNS = Deadline.status.is_distinct_from("paused")
_DUE = case((_RUNS, func.coalesce(Deadline.due_at, Task.due_at)))
_START = case((_RUNS, Deadline.start_at))
_POOL = case((Task.candidates[1].startswith(f"{COMPLAINANT}@"), literal(COMPLAINANT)), else_=Task.unit)


def writing(ids: BindParameter[Any]) -> tuple[CTE, ...]:
    """What ``positions.refresh`` does to the tasks of these cases, as parts of its one statement."""
    now = computed().where(Complaint.id == any_(ids)).cte("tasks_now")
    key = tuple_(_TABLE.c.instance_id, _TABLE.c.key)
    gone = delete(_TABLE).where(_TABLE.c.complaint_id == any_(ids), key.not_in(select(now.c[0], now.c[1])))
    return gone.cte("tasks_gone"), _upsert(select(now)).cte("tasks_kept")


async def refresh_task(session: AsyncSession, instance_id: str, key: int) -> None:
    """Of an open task that somebody took, gave back or ranked: none of that is a step of its case."""
    await run(session, _of_one(), {"instance": instance_id, "task": key})


async def rebuild(session: AsyncSession) -> None:
    await session.execute(delete(TaskPosition))
    await session.execute(insert(_TABLE).from_select(_COLUMNS, computed()))


@cache
def _of_one() -> Insert:
    return _upsert(computed().where(Task.instance_id == bindparam("instance"), Task.key == bindparam("task")))


def _upsert(rows: Select[Any]) -> Insert:
    """Most tasks of a case outlive many of its steps: a row that would become what it is, is not written again."""
    row = insert(_TABLE).from_select(_COLUMNS, rows)
    changed = {name: row.excluded[name] for name in _COLUMNS[2:]}
    differs = tuple_(*(_TABLE.c[name] for name in changed)).is_distinct_from(tuple_(*changed.values()))
    return row.on_conflict_do_update(index_elements=[_TABLE.c.instance_id, _TABLE.c.key], set_=changed, where=differs)


def computed() -> Select[*tuple[Any, ...]]:
    """What the rows must be, in the order of the table's columns. Tasks of orders stand beside those of their case."""
    return (
        select(
            Task.instance_id, Task.key, Complaint.id, Task.element_id, Task.name, Task.candidates, Task.acts, Task.unit,
            _POOL, Task.assignee_id, Task.priority, Task.created_at, _DUE, _START,
            Complaint.status, Complaint.stage, Complaint.region_code, Complaint.accepting_uscc,
            Complaint.referring_uscc, Complaint.verifying_uscc, Complaint.respondent_uscc, Complaint.confidential_of,
            Complaint.barred, Task.follow_up_at,
        )
        .select_from(Complaint)
        .join(Instance, Instance.business_key == Complaint.id)
        .join(Task, and_(Task.instance_id == Instance.id, Task.status == "open"))
        .outerjoin(Deadline, and_(Deadline.instance_id == Task.instance_id, Deadline.key == Task.deadline_key))
    )  # fmt: skip
