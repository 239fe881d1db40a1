"""An act that must come within a limit (``jiannuo:within`` names it): refused after it, with the date and why."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from cases.errors import Conflict
from cases.policy.loader import load
from cases.tables.clocks import Deadline
from cases.tables.engine import Instance
from cases.tables.worklist import Subscription, Task

WITHIN = "jiannuo:within"


async def lapsed(session: AsyncSession, instance: Instance, target: Task | Subscription, at: datetime) -> str | None:
    """The sentence for an act at ``at`` that comes too late. A window that has not begun yet bars nothing."""
    name = target.properties.get(WITHIN)
    if not name:
        return None
    row = await session.scalar(
        select(Deadline)
        .where(Deadline.instance_id == instance.id, Deadline.name == name, Deadline.due_at.is_not(None))
        .order_by(Deadline.key.desc())
        .limit(1)
    )
    if row is None or row.due_at is None or row.due is None or at < row.due_at:
        return None
    title = load(instance.pack).clock(str(name), instance.channel or "OTHER").title
    why = "；".join(str(line["zh"]) for line in row.derivation)
    day = f"{row.due.year}年{row.due.month}月{row.due.day}日"
    return f"“{title}”的期限已于{day}24时届满，现在不能再“{target.name}”。期限计算：{why}。"


async def require(session: AsyncSession, instance: Instance, target: Task | Subscription, at: datetime) -> None:
    """Raises Conflict."""
    sentence = await lapsed(session, instance, target, at)
    if sentence is not None:
        raise Conflict(sentence)
