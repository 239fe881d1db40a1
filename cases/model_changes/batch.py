"""A plan applied to many cases: the act, the list of its cases, and how far it is.

It is safe to stop anywhere and to run many times at once: a case is told under the lock of its row, by an Update whose
id is the same at every try, and its row says what came of it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from cases import audit
from cases.definitions import DefinitionStore
from cases.errors import Invalid, NotFound
from cases.model_changes.plan import Plan
from cases.model_changes.preview import require_fit
from cases.model_changes.standing import standing
from cases.tables.engine import Instance
from cases.tables.model_changes import ModelChange, ModelChangeJob

RATE = 10.0
# A case whose record lags is asked again; one that never answers is handed to a person.
RETRY_AFTER = timedelta(seconds=2)
ATTEMPTS = 30


def plan_of(change: ModelChange) -> Plan:
    return Plan(change.process_id, change.from_hash, change.to_process_id, change.to_hash, change.plan)


async def begin(
    session: AsyncSession, store: DefinitionStore, plan: Plan, pack: str, *,
    only: str | None, rate: float, reason: str, author: str, now: datetime,
) -> int:  # fmt: skip
    """The number of the change. Raises Invalid and NotFound; the caller commits, the cases move afterwards."""
    if not reason.strip():
        raise Invalid({"reason": "请写明迁移的理由，理由会记入日志。"})
    if rate <= 0:
        raise Invalid({"rate": "速率应当大于零（每秒案件数）。"})
    await require_fit(session, store, plan)
    change = ModelChange(
        pack=pack, process_id=plan.process_id, from_hash=plan.from_hash, to_process_id=plan.to_process_id,
        to_hash=plan.to_hash, plan=dict(plan.mapping), only=only, rate=rate, reason=reason.strip(), author=author,
        at=now,
    )  # fmt: skip
    session.add(change)
    await session.flush()
    if not await enlist(session, change) and only is not None:
        raise NotFound(f"{only} 现在不在流程“{plan.process_id}”的这一版本上，没有需要迁移的内容。")
    facts = {"change": change.id, "from": plan.from_hash, "to": plan.to_hash, "only": only, "reason": change.reason}
    await audit.append(session, at=now, recorded_at=now, actor=author, act="migrate", facts=facts)
    return change.id


async def enlist(session: AsyncSession, change: ModelChange) -> int:
    """Cases that stand in the old version and are not listed yet."""
    listed = exists().where(ModelChangeJob.change_id == change.id, ModelChangeJob.instance_id == Instance.id)
    rows = await session.execute(standing(plan_of(change), change.pack, change.only).where(~listed))
    values = [{"change_id": change.id, "instance_id": id_, "state": "waiting", "attempts": 0} for id_, _ in rows]
    if values:
        await session.execute(insert(ModelChangeJob).on_conflict_do_nothing(), values)
    return len(values)


def due(now: datetime) -> Select[ModelChangeJob]:
    """The next case that may be asked, of the oldest change; locked, so that two of us never take the same one."""
    rested = or_(ModelChangeJob.tried_at.is_(None), ModelChangeJob.tried_at <= now - RETRY_AFTER)
    return (
        select(ModelChangeJob)
        .where(ModelChangeJob.state == "waiting", rested)
        .order_by(ModelChangeJob.change_id, ModelChangeJob.tried_at.nulls_first(), ModelChangeJob.instance_id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


async def finish(session: AsyncSession, now: datetime) -> bool:
    """Ends a change without waiting cases, after one more look for cases that began meanwhile."""
    waits = exists().where(ModelChangeJob.change_id == ModelChange.id, ModelChangeJob.state == "waiting")
    change = await session.scalar(
        select(ModelChange)
        .where(ModelChange.state == "applying", ~waits)
        .order_by(ModelChange.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if change is None:
        return False
    if not await enlist(session, change):
        change.state, change.done_at = "done", now
    return True
