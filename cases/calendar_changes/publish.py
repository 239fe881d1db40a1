"""Publishing and withdrawing a calendar table: the act, and the list of deadlines that it may move."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    any_,
    exists,
    false,
    func,
    insert,
    literal,
    not_,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from cases import audit
from cases.calendar_changes.calendars import calendars
from cases.calendar_changes.table import Table
from cases.calendar_changes.touched import Touched, touched, touched_rows
from cases.calendars import NATIONAL
from cases.deadlines.calendar import DayKind
from cases.errors import Conflict, Invalid, NotFound
from cases.policy.loader import available
from cases.tables.calendar_changes import CalendarChange, CalendarJob, CalendarTable
from cases.tables.clocks import CalendarDay, Deadline
from cases.tables.organisations import Region

# Any constant: two acts on the calendar take turns, each sees what the one before it has published.
_TURN = text("SELECT pg_advisory_xact_lock(7140003)")
BASIS = "全国年节及纪念日放假办法"
# After a restore or a bulk import there are no statistics until the server comes round to them; without them the
# planner expects a handful of rows, and one look at 10,000 deadlines reads an index 10,000 times from end to end.
# SKIP LOCKED: an act does not wait for housekeeping.
_KNOW_THE_CASES = text("ANALYZE (SKIP_LOCKED) complaint, instance, deadline")
_KNOW_THE_LIST = text("ANALYZE (SKIP_LOCKED) calendar_job")


async def publish(session: AsyncSession, table: Table, author: str, now: datetime) -> int:
    """The number of the change; that of the first time when the same table is published again.

    Raises Invalid (unknown layer) and Conflict (the version names another table). The caller commits; the deadlines
    are moved afterwards, by the drain.
    """
    await session.execute(_TURN)
    await _require_layer(session, table.layer)
    known = await session.scalar(select(CalendarTable).where(CalendarTable.version == table.version))
    if known is not None:
        return await _again(session, known, table)
    before = await calendars(session)
    after = before.with_table(table.published())
    session.add(
        CalendarTable(
            layer=table.layer, version=table.version, document=table.document, years=sorted(table.years),
            content=table.content, author=author, added_at=now,
        )
    )  # fmt: skip
    await session.flush()
    if table.rows:
        await session.execute(insert(CalendarDay), [
            {
                "layer": table.layer, "version": table.version, "day": row.day,
                "working": row.kind is DayKind.WORKDAY, "name": row.name, "document": table.document, "added_at": now,
            }
            for row in table.rows
        ])  # fmt: skip
    change = CalendarChange(
        kind="publish", version=table.version, reason=f"放假安排公布：{table.document}", author=author, at=now,
        touched=[part.dump() for part in await touched(session, before, after, table.years)],
    )  # fmt: skip
    return await _list(session, change, author, "publish_calendar", table.layer, now)


async def withdraw(session: AsyncSession, version: str, author: str, reason: str, now: datetime) -> int:
    """The number of the change. Raises NotFound, Conflict (withdrawn already) and Invalid (no reason)."""
    await session.execute(_TURN)
    if not reason.strip():
        raise Invalid({"reason": "请写明撤回的理由。"})
    row = await session.scalar(select(CalendarTable).where(CalendarTable.version == version))
    if row is None:
        raise NotFound(f"没有放假安排“{version}”。")
    if row.withdrawn_at is not None:
        raise Conflict(f"放假安排“{version}”已经撤回。")
    before = await calendars(session)
    parts = await touched(session, before, before.without(version), row.years)
    row.withdrawn_at, row.withdrawn_by, row.withdrawn_reason = now, author, reason
    await session.execute(update(CalendarDay).where(CalendarDay.version == version).values(withdrawn_at=now))
    change = CalendarChange(
        kind="withdraw", version=version, reason=f"放假安排撤回：{row.document}（{reason.strip()}）", author=author,
        at=now, touched=[part.dump() for part in parts],
    )  # fmt: skip
    return await _list(session, change, author, "withdraw_calendar", row.layer, now)


async def _list(
    session: AsyncSession, change: CalendarChange, author: str, act: str, layer: str, now: datetime
) -> int:
    session.add(change)
    await session.flush()
    await session.execute(_KNOW_THE_CASES)
    await enlist(session, change)
    await session.execute(_KNOW_THE_LIST)
    # What an earlier change has not come to yet is counted once, under the newest reason.
    newer = aliased(CalendarJob)
    await session.execute(
        update(CalendarJob)
        .where(
            CalendarJob.state == "waiting", CalendarJob.change_id < change.id,
            exists().where(
                newer.change_id == change.id, newer.instance_id == CalendarJob.instance_id,
                newer.deadline_key == CalendarJob.deadline_key,
            ),
        )
        .values(state="superseded", done_at=now)
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    waiting = await session.scalar(
        select(func.count()).select_from(CalendarJob).where(CalendarJob.change_id == change.id)
    )
    await audit.append(
        session, at=now, recorded_at=now, actor=author, act=act, basis=BASIS,
        facts={"version": change.version, "layer": layer, "change": change.id, "deadlines": waiting or 0},
    )  # fmt: skip
    return change.id


async def enlist(session: AsyncSession, change: CalendarChange, *, stale_only: bool = False) -> int:
    """Lists the deadlines that rest on a changed day; returns how many now wait that did not.

    ``stale_only``: those that were set, since the change, by a transaction that still saw the calendar before it.
    """
    stale = _stale(change) if stale_only else None
    found = 0
    for part in change.touched:
        # The server lists what the server finds: no row crosses the wire.
        keys = touched_rows(Touched.load(part), stale).order_by(Deadline.instance_id, Deadline.key)
        rows = keys.add_columns(literal(change.id), literal("waiting"), false())
        row = upsert(CalendarJob).from_select(["instance_id", "deadline_key", "change_id", "state", "messaged"], rows)
        # A deadline that failed is not tried for ever; the others are counted again.
        again = row.on_conflict_do_update(
            index_elements=["change_id", "instance_id", "deadline_key"], set_={"state": "waiting", "done_at": None},
            where=CalendarJob.state.in_(("moved", "same", "left")),
        )  # fmt: skip
        listed = await session.execute(again)
        found += cast("CursorResult[Any]", listed).rowcount
    return found


def _stale(change: CalendarChange) -> ColumnElement[bool]:
    counted_with = literal(change.version) == any_(func.string_to_array(Deadline.calendar_version, "+"))
    return not_(counted_with) if change.kind == "publish" else counted_with


async def _require_layer(session: AsyncSession, layer: str) -> None:
    if layer == NATIONAL or layer in available():
        return
    if layer.isdecimal() and await session.get(Region, layer) is not None:
        return
    raise Invalid({"layer": f"层级“{layer}”既不是 national 或政策包，也不在地区目录中；请先登记地区，或改正层级。"})


async def _again(session: AsyncSession, known: CalendarTable, table: Table) -> int:
    if known.content != table.content:
        raise Conflict(f"版本“{table.version}”已用于另一份放假安排；请给这份安排新的版本号。")
    if known.withdrawn_at is not None:
        raise Conflict(f"放假安排“{table.version}”已经撤回；如需重新公布，请给新的版本号。")
    first = await session.scalar(
        select(CalendarChange.id).where(CalendarChange.version == table.version, CalendarChange.kind == "publish")
    )
    assert first is not None, "a published table has its change"
    return first
