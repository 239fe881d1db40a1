"""Keeping ``act_position``: one statement says what the row of an act that the board counts must be."""

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
    delete,
    func,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.ext.asyncio import AsyncSession

from cases.statements import run
from cases.tables.complaints import Complaint
from cases.tables.positions import ActPosition
from cases.tables.worklist import Submission

# 踢皮球: a lead sent back, more time asked for.
COUNTED = ("return_referral", "request_extension")
DONE = "done"
_TABLE = cast(Table, ActPosition.__table__)
_COLUMNS = tuple(column.name for column in _TABLE.columns)


def writing(ids: BindParameter[Any]) -> tuple[CTE, ...]:
    """What ``positions.refresh`` does to the acts of these cases, as a part of its one statement."""
    now = computed().where(Complaint.id == any_(ids)).cte("acts_now")
    return (_upsert(select(now)).cte("acts_kept"),)


async def note(session: AsyncSession, submission_id: str) -> None:
    """Of an act that has just been sealed: after the refresh of its case."""
    await run(session, _of_one(), {"of": submission_id})


async def rebuild(session: AsyncSession) -> None:
    await session.execute(delete(ActPosition))
    await session.execute(insert(_TABLE).from_select(_COLUMNS, computed()))


@cache
def _of_one() -> Insert:
    return _upsert(computed().where(Submission.id == bindparam("of")))


def _upsert(rows: Select[Any]) -> Insert:
    """An act is done once and for all; who may see its case changes. What would become what it is, is not written."""
    row = insert(_TABLE).from_select(_COLUMNS, rows)
    changed = {name: row.excluded[name] for name in _COLUMNS[1:]}
    differs = tuple_(*(_TABLE.c[name] for name in changed)).is_distinct_from(tuple_(*changed.values()))
    return row.on_conflict_do_update(index_elements=[_TABLE.c.submission_id], set_=changed, where=differs)


def computed() -> Select[*tuple[Any, ...]]:
    """What the rows must be, in the order of the table's columns. An act that was refused does not count."""
    return (
        select(
            Submission.id, Complaint.id, Submission.act, Submission.unit, Submission.occurred_at, Complaint.stage,
            Complaint.region_code, Complaint.accepting_uscc, Complaint.referring_uscc, Complaint.verifying_uscc,
            Complaint.respondent_uscc, Complaint.confidential_of, Complaint.barred,
        )
        .select_from(Complaint)
        .join(Submission, Submission.instance_id == func.concat("complaint:", Complaint.id))
        .where(and_(Submission.act.in_(COUNTED), Submission.status == DONE, Submission.unit.is_not(None)))
    )  # fmt: skip
