"""The acts on many tasks that pages and JSON share; approving extensions sends each to its execution."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api import acts
from api.services import Services
from cases import worklist
from cases.access import Actor
from cases.errors import Conflict, Problem
from cases.people import bulk
from cases.people.bulk import Item, Wish
from cases.submissions import Act
from cases.tables.worklist import Submission
from cases.worklist import Seen

APPROVE, ASK = "approve_extension", "request_extension"


async def perform(services: Services, actor: Actor, token: str, wish: Wish, chosen: Sequence[Seen]) -> None:
    """Stores one result per task under the token. Raises Invalid for what concerns the whole press."""
    if wish.act == APPROVE:
        await _approve(services, actor, token, wish, chosen)
        return
    async with services.transaction() as session:
        await bulk.run(session, actor, token, wish, chosen, services.clock())


async def _approve(services: Services, actor: Actor, token: str, wish: Wish, chosen: Sequence[Seen]) -> None:
    """Each by itself, under an id that the token gives: what a broken run began, the same press again finishes."""
    async with services.transaction() as session:
        if not await bulk.begin(session, actor, token, wish, chosen, services.clock()):
            _, items = await bulk.outcome(session, actor, token)
            if items is not None:
                return
    items = [await _one(services, actor, token, wish, seen) for seen in bulk.in_order(chosen)]
    async with services.transaction() as session:
        await bulk.finish(session, token, items)


async def _one(services: Services, actor: Actor, token: str, wish: Wish, seen: Seen) -> Item:
    try:
        async with services.transaction() as session:
            now = await acts.case_time(session, services, seen.complaint_id)
            wanted = await _asked(session, actor, token, wish, seen, now)
        outcome = await acts.perform(services, actor, wanted)
        done, sentence = True, "正在处理，稍后可在案件中查看。" if outcome.status == "pending" else "已批准延期。"
    except Problem as problem:
        done, sentence = False, problem.sentence
    async with services.transaction() as session:
        return await bulk.item(session, actor, seen, done, sentence)


async def _asked(
    session: AsyncSession, actor: Actor, token: str, wish: Wish, seen: Seen, now: datetime
) -> Act:
    """Approving what was asked for: its days, its clock. Raises Conflict when nothing was asked for."""
    submission_id = sha256(f"{token}:{seen.complaint_id}:{seen.key}".encode()).hexdigest()[:24]
    if await session.get(Submission, submission_id) is None:
        task, _ = await worklist.find_open(session, actor, seen)
        if APPROVE not in task.acts:
            raise Conflict(f"“{task.name}”不是延期审批任务，没有办理。")
    else:
        task, _ = await worklist.find_task(session, actor, seen.complaint_id, seen.key, seen.instance_id)
    asked = await session.scalar(
        select(Submission)
        .where(Submission.instance_id == task.instance_id, Submission.act == ASK, Submission.status != "refused")
        .order_by(Submission.recorded_at.desc(), Submission.id)
        .limit(1)
    )
    if asked is None or asked.form.get("days") in (None, ""):
        raise Conflict("没有查到申请延长的天数，请打开任务逐项办理。")
    form = {"days": asked.form["days"], "clock": asked.form.get("clock") or None, "reason": wish.words.strip()}
    return Act(
        seen.complaint_id, APPROVE, form, now, task_key=seen.key, submission_id=submission_id,
        instance_id=seen.instance_id or None,
    )  # fmt: skip
