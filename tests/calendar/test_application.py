"""The background job: each deadline once, whatever is killed, repeated or done at the same moment."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select, update

from activities.notify_wording import written
from cases.calendar_changes.drain import drain
from cases.calendar_changes.finish import finish
from cases.calendar_changes.pending import pending, tables
from cases.calendar_changes.preview import preview, preview_withdrawal
from cases.errors import Conflict, Invalid, NotFound
from cases.notices import Written
from cases.tables.calendar_changes import CalendarJob
from cases.tables.clocks import CalendarDay, Deadline, RungClaim
from cases.tables.engine import Instance
from cases.tables.ledger import AuditEntry, Outbox
from jiannuo.calendar_job import CalendarJob as Job
from tests.calendar.calendar_world import (
    BANNER,
    EARLIER,
    LATER,
    OTHER_BANNER,
    Statements,
    World,
    at,
    table,
)  # fmt: skip

NOW = at("2026-12-28 12:00")


class Killed(Exception):
    """The process ends in the middle of a transaction."""


async def drained(world: World, cases: int) -> None:
    async with world.shell.stores.sessions.begin() as session:
        await drain(session, world.shell.stores.vault, written, NOW, cases)


async def states(world: World) -> Counter[str]:
    async with world.shell.stores.sessions() as session:
        return Counter(await session.scalars(select(CalendarJob.state)))


async def test_a_job_killed_in_the_middle_goes_on_where_it_was(world: World) -> None:
    cases = [await world.clocked() for _ in range(6)]
    await world.publish(EARLIER)
    await drained(world, 2)
    assert await states(world) == {"moved": 2, "waiting": 4}

    def dies(kind: str, facts: Mapping[str, str]) -> Written:
        raise Killed

    with pytest.raises(Killed):
        async with world.shell.stores.sessions.begin() as session:
            await drain(session, world.shell.stores.vault, dies, NOW, 2)
    assert await states(world) == {"moved": 2, "waiting": 4}
    await world.apply()
    assert await states(world) == {"moved": 6}
    assert [len(await world.changes(case)) for case in cases] == [1] * 6
    async with world.shell.stores.sessions() as session:
        promised = (await session.scalars(select(Outbox.ref).where(Outbox.kind == "deadline"))).all()
    assert sorted(promised) == sorted(cases)


async def test_several_jobs_cancelled_at_random_moments_move_each_deadline_once(world: World) -> None:
    cases = [await world.clocked() for _ in range(30)]
    await world.publish(LATER)
    for delay in (0.005, 0.01, 0.02, 0.03):
        jobs = [asyncio.create_task(drained(world, 5)) for _ in range(3)]
        await asyncio.wait(jobs, timeout=delay)
        for job in jobs:
            job.cancel()
        await asyncio.gather(*jobs, return_exceptions=True)
    others = [Job(world.shell.stores, world.shell.client) for _ in range(3)]
    await asyncio.gather(*(job.drain(NOW, 7) for job in others))
    await world.apply()
    assert await states(world) == {"moved": 30}
    assert [len(await world.changes(case)) for case in cases] == [1] * 30


async def test_publishing_twice_is_publishing_once(world: World) -> None:
    case = await world.clocked()
    first = await world.publish(LATER)
    await world.apply()
    assert await world.publish(replace(LATER, rows=tuple(reversed(LATER.rows)))) == first
    await world.apply()
    assert len(await world.changes(case)) == 1
    assert Counter(notice.kind for notice in await world.notices() if notice.complaint_id)["deadline_moved"] == 2
    with pytest.raises(Conflict, match="另一份"):
        await world.publish(replace(EARLIER, version=LATER.version))


async def test_everybody_concerned_hears_once(world: World) -> None:
    case = await world.begin()
    await world.clocked()
    await world.publish(LATER)
    await world.apply()
    complaint = case.removeprefix("clock:")
    about = [n for n in await world.notices() if n.kind == "deadline_moved" and n.complaint_id == complaint]
    assert sorted((n.channel, n.to_party) for n in about) == [("inbox", False), ("inbox", True), ("mail", True)]
    assert about[0].body.startswith(f"投诉N-{complaint}的")
    assert "2027年1月5日变更为2027年1月6日，原因：放假安排公布：国办发明电〔2026〕late-1号" in about[0].body
    # The people who work on it get one mail for all their cases, not one each.
    summary = [n for n in await world.notices() if n.kind == "deadline_moved" and n.complaint_id is None]
    assert [(n.channel, n.subject) for n in summary] == [("inbox", "期限变更：共1项"), ("mail", "期限变更：共1项")]


async def test_paused_and_ended_deadlines_are_left_alone(world: World) -> None:
    paused = await world.clocked(row={"status": "paused"})
    met = await world.clocked(row={"status": "met"})
    later_paused = await world.clocked()
    change = await world.publish(LATER)
    async with world.shell.stores.sessions.begin() as session:
        await session.execute(
            update(Deadline).where(Deadline.instance_id == later_paused).values(status="paused")
        )
    await world.apply()
    assert [(job.instance_id, job.state) for job in await world.jobs(change)] == [(later_paused, "left")]
    for case in (paused, met, later_paused):
        assert (await world.deadline(case)).due == date(2027, 1, 5)


async def test_deadlines_elsewhere_on_the_calendar_are_not_counted_again(world: World) -> None:
    await world.clocked(begun=at("2026-09-18 10:00"))
    near = await world.clocked()
    change = await world.publish(LATER)
    assert [job.instance_id for job in await world.jobs(change)] == [near]


async def test_a_deadline_moves_with_the_one_that_caps_it(world: World) -> None:
    """The handling ends on the day that becomes a holiday; the capped one rests on no changed day but that."""
    begun = at("2026-12-05 10:00")
    case = await world.clocked("handling", 1, pack="bozhou-2018", channel="SME", begun=begun)
    await world.clock(case, "rectification", 2, begun=at("2026-12-10 10:00"))
    assert [(row.name, row.due) for row in await world.shell.rows(Deadline, case)] == [
        ("handling", date(2027, 1, 4)),
        ("rectification", date(2027, 1, 4)),
    ]
    change = await world.publish(LATER)
    await world.apply()
    assert {job.deadline_key: job.new_due for job in await world.jobs(change)} == {
        1: date(2027, 1, 5), 2: date(2027, 1, 5)
    }  # fmt: skip


async def test_the_layer_of_a_banner_moves_its_own_cases_only(world: World) -> None:
    here, there = await world.clocked(region=BANNER), await world.clocked(region=OTHER_BANNER)
    await world.publish(table(BANNER, "banner-1", [2026, 2027], "2026-12-30 holiday"))
    await world.apply()
    assert ((await world.deadline(here)).due, (await world.deadline(there)).due) == (date(2027, 1, 6), date(2027, 1, 5))
    # What the banner says of 2027 does not make a year official that the State Council has not published.
    assert (await world.deadline(here)).provisional


async def test_a_table_of_xinjiang_adds_to_the_days_of_its_pack(world: World) -> None:
    begun = at("2027-03-08 10:00")
    here = await world.clocked("referral", pack="bozhou-2018", begun=begun)
    there = await world.clocked("referral", begun=begun)
    before, untouched = (await world.deadline(here)).due, (await world.deadline(there)).due
    assert before is not None
    await world.publish(table("bozhou-2018", "xinjiang-2027", [2027], f"{before} holiday"))
    await world.publish(table("national", "national-2027", [2027], "2027-01-01 holiday"))
    await world.apply()
    row = await world.deadline(here)
    assert row.due is not None
    assert (row.due > before, row.provisional) == (True, False)
    assert (await world.deadline(there)).due == untouched


async def test_a_withdrawal_overtakes_a_publication_that_is_not_through(world: World) -> None:
    first, second = await world.clocked(), await world.clocked()
    await world.publish(LATER)
    await drained(world, 1)
    await world.withdraw("late-1")
    assert await states(world) == {"moved": 1, "superseded": 1, "waiting": 2}
    await world.apply()
    assert [(await world.deadline(case)).due for case in (first, second)] == [date(2027, 1, 5)] * 2
    assert sorted([len(await world.changes(case)) for case in (first, second)]) == [0, 2]


async def test_a_record_that_still_saw_the_old_calendar_is_found(world: World) -> None:
    """It holds the lock of its instance when the table is published, and commits its date afterwards."""
    case = await world.clocked()
    other = world.shell.stores.sessions()
    await other.execute(select(Instance).where(Instance.id == case).with_for_update())
    row = await other.get_one(Deadline, (case, 1))
    await world.publish(LATER)
    for _ in range(20):
        await world.job.once(NOW)
    async with world.shell.stores.sessions() as session:
        assert [act.state for act in await pending(session)] == ["applying"]
    row.revision += 1
    row.calendar_version = "written with the calendar before"
    await other.commit()
    await other.close()
    await world.apply()
    assert (await world.deadline(case)).due == date(2027, 1, 6)


async def test_a_date_set_with_the_old_calendar_after_its_turn_is_counted_again(world: World) -> None:
    case = await world.clocked()
    change = await world.publish(LATER)
    await drained(world, 10)
    async with world.shell.stores.sessions.begin() as session:
        row = await session.get_one(Deadline, (case, 1))
        row.due, row.calendar_version = date(2027, 1, 5), "written with the calendar before"
    await world.apply()
    assert (await world.deadline(case)).due == date(2027, 1, 6)
    assert [job.state for job in await world.jobs(change)] == ["moved"]


async def test_a_deadline_that_cannot_be_counted_does_not_stop_the_others(world: World) -> None:
    broken = await world.clocked()
    fine = await world.clocked()
    async with world.shell.stores.sessions.begin() as session:
        (await session.get_one(Deadline, (broken, 1))).set_limit = "900wd"
    change = await world.publish(LATER)
    await world.apply()
    assert {job.instance_id: job.state for job in await world.jobs(change)} == {broken: "failed", fine: "moved"}


async def test_preview_changes_nothing_and_says_what_publishing_does(world: World) -> None:
    case = await world.clocked()
    async with world.shell.stores.sessions.begin() as session:
        session.add(RungClaim(instance_id=case, deadline_key=1, rung="remind", revision=1, at=NOW))
    async with world.shell.stores.sessions() as session:
        found = await preview(session, EARLIER, NOW)
        assert not session.dirty
        assert (await session.scalars(select(CalendarDay))).all() == []
    (move,) = found.moves
    assert (move.old_due, move.new_due, move.fired) == (date(2027, 1, 5), date(2027, 1, 4), ("remind",))
    assert (move.old_provisional, move.new_provisional, move.messaged, move.late_at_once) == (True, False, True, False)
    assert found.doubts[0].startswith("2027年的法定休假日")
    async with world.shell.stores.sessions() as session:
        assert (await preview(session, EARLIER, at("2027-01-05 12:00"))).moves[0].late_at_once
    await world.publish(EARLIER)
    await world.apply()
    assert (await world.deadline(case)).due == move.new_due
    async with world.shell.stores.sessions() as session:
        back = await preview_withdrawal(session, "early-1", NOW)
        with pytest.raises(NotFound):
            await preview_withdrawal(session, "never", NOW)
    assert [(one.old_due, one.new_due) for one in back.moves] == [(date(2027, 1, 4), date(2027, 1, 5))]


async def test_the_act_is_on_record_with_author_time_and_document(world: World) -> None:
    await world.publish(LATER, NOW)
    await world.withdraw("late-1")
    async with world.shell.stores.sessions() as session:
        (row,) = await tables(session)
        entries = (await session.scalars(select(AuditEntry).order_by(AuditEntry.number))).all()
        days = (await session.scalars(select(CalendarDay))).all()
    assert (row.author, row.added_at, row.document, row.withdrawn_reason) == (
        "account:1", NOW, LATER.document, "所附文件有误"
    )  # fmt: skip
    assert [entry.act for entry in entries] == ["publish_calendar", "withdraw_calendar"]
    assert all(day.withdrawn_at is not None for day in days)
    with pytest.raises(Conflict):
        await world.withdraw("late-1")
    with pytest.raises(Conflict):
        await world.publish(LATER)


async def test_an_unknown_layer_is_refused(world: World) -> None:
    for layer in ("159999", "no-such-pack"):
        with pytest.raises(Invalid, match="层级"):
            await world.publish(table(layer, "x-1", [2027]))


async def test_the_statements_of_a_batch_do_not_grow_with_it(world: World) -> None:
    for _ in range(24):
        await world.clocked()
    await world.publish(EARLIER)
    engine = world.shell.stores.sessions.kw["bind"]
    with Statements(engine) as few:
        await drained(world, 4)
    with Statements(engine) as many:
        await drained(world, 20)
    assert many.count <= few.count
    assert many.count < 30


async def test_finish_without_a_change_does_nothing(world: World) -> None:
    async with world.shell.stores.sessions.begin() as session:
        assert not await finish(session, datetime.now(UTC))
