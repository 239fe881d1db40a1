"""Which open cases stand in a version of a model, and where in them."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Select, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bpmn.events import GraphRef, InstanceMigrated
from bpmn.state import State
from cases.errors import NotFound
from cases.model_changes.plan import Plan
from cases.tables.complaints import Complaint
from cases.tables.engine import Instance

OPEN = ("starting", "active")


def standing(plan: Plan, pack: str, only: str | None = None) -> Select[str, str | None]:
    """(instance, case number) in order of age. A called process is found in the state, a new case by its row."""
    here = or_(
        Instance.state.contains(plan.from_hash, autoescape=True),
        Instance.state.is_(None) & (Instance.graph_hash == plan.from_hash) & (Instance.process_id == plan.process_id),
    )
    found = (
        select(Instance.id, Complaint.case_no)
        .outerjoin(Complaint, Complaint.id == Instance.business_key)
        .where(Instance.pack == pack, Instance.status.in_(OPEN), here)
        .order_by(Instance.created_at, Instance.id)
    )
    return found if only is None else found.where(Instance.id == only)


async def instance_of(session: AsyncSession, case: str) -> str:
    """``case`` is a case number or the id of an instance. Raises NotFound."""
    known = await session.scalar(
        select(Instance.id)
        .outerjoin(Complaint, Complaint.id == Instance.business_key)
        .where(or_(Complaint.case_no == case, Instance.id == case))
        .order_by((Instance.process_id != "complaint"), Instance.id)
        .limit(1)
    )
    if known is None:
        raise NotFound(f"没有编号为 {case} 的案件；请核对投诉编号，或用 jiannuo incidents list 中的实例标识。")
    return known


def events(plan: Plan, state: State) -> Iterator[InstanceMigrated]:
    """One for each open scope of the process: the case itself, or a process that it has called."""
    to = GraphRef(plan.to_hash, plan.to_process_id)
    for key in sorted(state.scopes):
        scope = state.scopes[key]
        if scope.kind == "process" and scope.graph == plan.from_hash and scope.process == plan.process_id:
            yield InstanceMigrated(key, to, plan.mapping)
