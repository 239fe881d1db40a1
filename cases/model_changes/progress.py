"""How far the changes are, and what became of each case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from cases.errors import NotFound
from cases.tables.complaints import Complaint
from cases.tables.engine import Instance
from cases.tables.model_changes import ModelChange, ModelChangeJob


@dataclass(frozen=True)
class Progress:
    """``counts``: cases per state."""

    change_id: int
    process_id: str
    reason: str
    author: str
    at: str
    state: str
    counts: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Result:
    """``step``: the last step that moved the case; ``problem``: why it was refused or failed."""

    instance_id: str
    case_no: str | None
    state: str
    step: int | None
    problem: str | None


async def progress(session: AsyncSession, *, everything: bool = False) -> list[Progress]:
    """Changes that are being applied, or all, the newest first."""
    wanted = select(ModelChange).order_by(ModelChange.id.desc())
    if not everything:
        wanted = wanted.where(ModelChange.state == "applying")
    return await _counted(session, (await session.scalars(wanted)).all())


async def progress_of(session: AsyncSession, change_id: int) -> Progress:
    change = await session.get(ModelChange, change_id)
    if change is None:
        raise NotFound(f"没有编号为 {change_id} 的迁移。")
    (found,) = await _counted(session, [change])
    return found


async def _counted(session: AsyncSession, changes: Sequence[ModelChange]) -> list[Progress]:
    rows = await session.execute(
        select(ModelChangeJob.change_id, ModelChangeJob.state, func.count())
        .where(ModelChangeJob.change_id.in_([change.id for change in changes]))
        .group_by(ModelChangeJob.change_id, ModelChangeJob.state)
        .order_by(ModelChangeJob.state)
    )
    counts: dict[int, dict[str, int]] = {}
    for id_, state, count in rows:
        counts.setdefault(id_, {})[state] = count
    return [
        Progress(
            one.id, one.process_id, one.reason, one.author, one.at.isoformat(), one.state, counts.get(one.id, {})
        )
        for one in changes
    ]


async def results(session: AsyncSession, change_id: int) -> list[Result]:
    rows = await session.execute(
        select(ModelChangeJob, Complaint.case_no)
        .join(Instance, Instance.id == ModelChangeJob.instance_id)
        .outerjoin(Complaint, Complaint.id == Instance.business_key)
        .where(ModelChangeJob.change_id == change_id)
        .order_by(ModelChangeJob.instance_id)
    )
    return [Result(job.instance_id, case_no, job.state, job.step, job.problem) for job, case_no in rows]
