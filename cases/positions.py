"""Keeping ``case_position``, ``task_position``, ``act_position``: one statement says what rows must be, for one case as
for all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    FromClause,
    Select,
    Text,
    and_,
    any_,
    bindparam,
    delete,
    except_,
    func,
    select,
    true,
    tuple_,
    union,
)
from sqlalchemy.dialects.postgresql import ARRAY, Insert, insert
from sqlalchemy.ext.asyncio import AsyncSession

from cases import act_positions, task_positions
from cases.deadlines.internal import INTERNAL, INTERNAL_ACTS
from cases.statements import run, table_of
from cases.tables.clocks import Deadline
from cases.tables.complaints import Complaint
from cases.tables.engine import Incident, LoggedStep
from cases.tables.positions import ActPosition, CasePosition, TaskPosition
from cases.tables.worklist import Task

# A determined case goes on until it is repaired.
OPEN = ("open", "determined")
# Who holds a case now: the verifying unit once there is one, else who refers, else who accepts.
held_by = func.coalesce(Complaint.verifying_uscc, Complaint.referring_uscc, Complaint.accepting_uscc)

_TABLE = table_of(CasePosition)
_COLUMNS = tuple(column.name for column in _TABLE.columns)


async def refresh(session: AsyncSession, complaint_ids: Iterable[str]) -> None:
    """To be called by whoever changed a case, its deadlines, tasks, steps or incidents, in the same transaction."""
    await run(session, refreshing(), {"ids": sorted(set(complaint_ids))})


@cache
def refreshing() -> Insert:
    """Made once: SQLAlchemy takes six times as long to put it together as PostgreSQL to run it.

    One statement, so that a case costs one round trip; a row that would become what it is, is not written again.
    """
    ids = bindparam("ids", type_=ARRAY(Text))
    now = computed().where(Complaint.id == any_(ids)).cte("now")
    gone = delete(_TABLE).where(_TABLE.c.complaint_id == any_(ids), _TABLE.c.complaint_id.not_in(select(now.c[0])))
    others = (*task_positions.writing(ids), *act_positions.writing(ids))
    row = insert(_TABLE).from_select(_COLUMNS, select(now)).add_cte(gone.cte("gone"), *others)
    changed = {name: row.excluded[name] for name in _COLUMNS[1:]}
    differs = tuple_(*(_TABLE.c[name] for name in changed)).is_distinct_from(tuple_(*changed.values()))
    return row.on_conflict_do_update(index_elements=[_TABLE.c.complaint_id], set_=changed, where=differs)


async def rebuild(session: AsyncSession) -> None:
    """All rows anew, as after a restore of other rows."""
    await session.execute(delete(CasePosition))
    await session.execute(insert(CasePosition).from_select(_COLUMNS, computed()))
    await task_positions.rebuild(session)
    await act_positions.rebuild(session)


async def stale(session: AsyncSession) -> Sequence[str]:
    """Cases of which a row is not what the other rows say; none, unless somebody wrote past ``refresh``."""
    pairs = (
        (computed(), _TABLE), (task_positions.computed(), table_of(TaskPosition)),
        (act_positions.computed(), table_of(ActPosition)),
    )  # fmt: skip
    wrong = [difference for rows, table in pairs for difference in _differences(rows, table)]
    return sorted((await session.scalars(union(*wrong))).all())


def _differences(right: Select[Any], table: FromClause) -> Iterator[Select[Any]]:
    place, stored = list(table.c).index(table.c.complaint_id), select(*table.c)
    for one, other in ((right, stored), (stored, right)):
        yield select(list(except_(one, other).subquery().c)[place])


def computed() -> Select[*tuple[Any, ...]]:
    """What the rows must be, in the order of the table's columns.

    Clocks and tasks of a breach risk do not count: parties see this row, and each such task has its own in
    ``task_position``.
    """
    instance_id = func.concat("complaint:", Complaint.id)
    clock = (
        select(Deadline.due_at, Deadline.start_at, Deadline.due, Deadline.provisional)
        .where(Deadline.instance_id == instance_id, Deadline.status == "running", Deadline.due_at.is_not(None))
        .where(Deadline.name.not_in(INTERNAL))
        .order_by(Deadline.due_at, Deadline.key)
        .limit(1)
        .lateral("clock")
    )
    act = (
        select(LoggedStep.at)
        .where(LoggedStep.instance_id == instance_id, LoggedStep.submission_id.is_not(None))
        .order_by(LoggedStep.number.desc())
        .limit(1)
        .lateral("act")
    )
    task = (
        select(Task.name, Task.unit, Task.candidates)
        .outerjoin(Deadline, and_(Deadline.instance_id == Task.instance_id, Deadline.key == Task.deadline_key))
        .where(Task.instance_id == instance_id, Task.status == "open")
        .where(func.coalesce(Deadline.name, "").not_in(INTERNAL), ~Task.acts.overlap(sorted(INTERNAL_ACTS)))
        .order_by(Task.created_at, Task.key)
        .limit(1)
        .lateral("waiting")
    )
    incident = select(Incident.key).where(Incident.instance_id == instance_id, Incident.resolved_at.is_(None)).exists()
    return (
        select(
            Complaint.id, Complaint.region_code, Complaint.stage, Complaint.status, held_by,
            Complaint.accepting_uscc, Complaint.referring_uscc, Complaint.verifying_uscc, Complaint.respondent_uscc,
            Complaint.confidential_of, Complaint.barred, Complaint.received_at, clock.c.due_at, clock.c.start_at,
            clock.c.due, func.coalesce(clock.c.provisional, False), func.coalesce(act.c.at, Complaint.received_at),
            task.c.name, task.c.unit, func.split_part(task.c.candidates[1], "@", 1), incident,
        )
        .select_from(Complaint)
        .outerjoin(clock, true()).outerjoin(act, true()).outerjoin(task, true())
        .where(Complaint.status.in_(OPEN))
    )  # fmt: skip
