"""Applying a change to the deadlines that wait for it, some cases at a time. Each call is one transaction's work.

It is safe to stop anywhere and to run many times at once: a case is done under the lock of its instance, together
with the notices and the message that it leads to, or not at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias

from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bpmn import codec
from cases import positions
from cases.calendar_changes.calendars import calendars
from cases.calendar_changes.readers import KIND, Readers, Writer, readers_of
from cases.calendar_changes.recount import OpenCase, Recount, open_cases, recounts
from cases.notices import put_all, rows_of
from cases.policy.loader import load
from cases.projection.deadlines import current_event, explain, keep
from cases.tables.calendar_changes import CalendarChange, CalendarJob
from cases.tables.ledger import Outbox
from cases.vault import Vault

OUTBOX = "deadline"
"""``Outbox.kind``: the execution ``ref`` must hear the event in ``payload``."""
Job: TypeAlias = Row[int, str, int]
"""The key of a waiting ``CalendarJob``."""


@dataclass(frozen=True)
class Drained:
    """``seen``: deadlines counted again; 0 while others hold the cases that wait, or when none waits."""

    seen: int = 0
    moved: int = 0
    messaged: int = 0


async def drain(session: AsyncSession, vault: Vault, write: Writer, now: datetime, cases: int = 100) -> Drained:
    """Takes up to so many cases and counts their waiting deadlines again. ``now`` is real time."""
    waiting = select(CalendarJob.instance_id).where(CalendarJob.state == "waiting").distinct()
    ids = (await session.scalars(waiting.order_by(CalendarJob.instance_id).limit(cases))).all()
    if not ids:
        return Drained()
    # The locks come before the calendar is read: whoever saw an older one has a lower transaction number (see finish).
    opened = await open_cases(session, ids, lock=True)
    if not opened:
        return Drained()
    held = [case.instance.id for case in opened]
    rows = await session.execute(
        select(CalendarJob.change_id, CalendarJob.instance_id, CalendarJob.deadline_key)
        .where(CalendarJob.instance_id.in_(held), CalendarJob.state == "waiting")
        .order_by(CalendarJob.instance_id, CalendarJob.deadline_key, CalendarJob.change_id)
    )
    jobs: dict[str, dict[int, list[Job]]] = {}
    for row in rows:
        jobs.setdefault(row.instance_id, {}).setdefault(row.deadline_key, []).append(row)
    changes = {job.change_id for keys in jobs.values() for found in keys.values() for job in found}
    acts = {act.id: act for act in await session.scalars(select(CalendarChange).where(CalendarChange.id.in_(changes)))}
    in_force = await calendars(session)
    readers = await readers_of(session, vault, held, [case.instance.business_key for case in opened])
    batch = _Batch(session, readers, write, acts, now)
    # One look at the files of the packs for all cases.
    packs = {name: load(name) for name in {case.instance.pack for case in opened}}
    for case in opened:
        wanted = jobs.get(case.instance.id, {})
        done = {recount.row.key: recount for recount in recounts(case, set(wanted), in_force, packs)}
        for key in sorted(wanted):
            batch.settle(case, done.get(key), wanted[key])
    await batch.write()
    await positions.refresh(session, [case.complaint.id for case in opened if case.complaint is not None])
    return batch.counted


class _Batch:
    """Collects what is to be written, so that each table is written once for all cases."""

    def __init__(
        self, session: AsyncSession, readers: Readers, write: Writer, acts: dict[int, CalendarChange], now: datetime
    ) -> None:
        self._session, self._readers, self._write, self._acts, self._now = session, readers, write, acts, now
        self._notices: list[dict[str, Any]] = []
        self._jobs: list[dict[str, Any]] = []
        self._promises: list[dict[str, Any]] = []
        self.counted = Drained()

    async def write(self) -> None:
        # By primary key, with the same columns in every row: one round trip instead of one per run of like rows.
        if self._jobs:
            await self._session.execute(update(CalendarJob), self._jobs)
        if self._promises:
            await self._session.execute(insert(Outbox), self._promises)
        await put_all(self._session, self._notices)

    def settle(self, case: OpenCase, recount: Recount | None, jobs: list[Job]) -> None:
        """``jobs``: of every change that this deadline waits for; the newest gives the reason."""
        job, counted = jobs[-1], self.counted
        for older in jobs[:-1]:
            self._done(older, "superseded")
        moved = messaged = False
        if recount is None:
            # Paused, ended: nothing to move. A paused clock is counted with the calendar of the day it resumes.
            self._done(job, "left")
        else:
            old_due, moved = recount.row.due, recount.changed
            messaged = moved and recount.earlier
            self._keep(case, recount, job, messaged)
            state = "failed" if recount.computed is None else "moved" if moved else "same"
            self._done(job, state, old_due, recount.row.due, messaged, recount.problem)
        self.counted = Drained(counted.seen + 1, counted.moved + moved, counted.messaged + messaged)

    def _done(
        self, job: Job, state: str, old_due: date | None = None, new_due: date | None = None, messaged: bool = False,
        problem: str | None = None,
    ) -> None:  # fmt: skip
        self._jobs.append({
            "change_id": job.change_id, "instance_id": job.instance_id, "deadline_key": job.deadline_key,
            "state": state, "old_due": old_due, "new_due": new_due, "messaged": messaged, "problem": problem,
            "done_at": self._now,
        })  # fmt: skip

    def _keep(self, case: OpenCase, recount: Recount, job: Job, messaged: bool) -> None:
        row, computed, rule = recount.row, recount.computed, recount.rule
        if computed is None or rule is None:
            return
        if not recount.changed:
            explain(row, computed)
            return
        act, old_due = self._acts[job.change_id], row.due
        at = self._now + timedelta(seconds=case.instance.clock_offset_s)
        keep(self._session, row, rule, computed, act.reason, at)
        if messaged:
            event = {"event": codec.dump_event(current_event(row))}
            self._promises.append(
                {"kind": OUTBOX, "ref": row.instance_id, "payload": event, "created_at": self._now, "attempts": 0}
            )
        if case.complaint is None or old_due is None or old_due == computed.due:
            return
        facts = {
            "case_no": case.complaint.case_no, "deadline": rule.title_zh, "old_due": _zh(old_due),
            "due": _zh(computed.due), "reason": act.reason, "clock": row.name, "change": str(act.id),
        }  # fmt: skip
        written, key = self._write(KIND, facts), f"calendar:{act.id}:{row.instance_id}:{row.key}"
        for reader in self._readers.of(row.instance_id, row.key, case.complaint.id):
            self._notices += rows_of(key, case.complaint.id, reader, written, at)


def _zh(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"

