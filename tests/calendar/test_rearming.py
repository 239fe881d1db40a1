"""A published table moves running deadlines, and Temporal's timers fire at the new instants."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select

from cases.tables.ledger import Outbox
from tests.calendar.calendar_world import EARLIER, LATER, SAME, World, at, table

# Skipped time stops at the instant and then runs on at its own pace while the worker works.
SOON = timedelta(minutes=1)


async def test_a_later_date_is_learnt_when_the_timer_asks_and_nobody_is_messaged(world: World) -> None:
    case = await world.begin()
    assert ((await world.deadline(case)).due, (await world.deadline(case)).provisional) == (date(2027, 1, 5), True)
    change = await world.publish(LATER)
    await world.apply()
    assert [job.messaged for job in await world.jobs(change)] == [False]
    row = await world.deadline(case)
    assert (row.due, row.provisional) == (date(2027, 1, 6), False)
    assert "late-1" in (row.calendar_version or "")
    await world.forward(case, at("2027-01-05 08:59"))  # the old reminder was due at 09:00 on the 4th
    assert await world.fired(case) == {}
    await world.forward(case, at("2027-01-05 09:05"))
    assert list(await world.fired(case)) == ["remind"]
    await world.forward(case, at("2027-01-06 23:59"))
    assert list(await world.fired(case)) == ["remind"]
    await world.forward(case, at("2027-01-07 00:05"))
    fired = await world.fired(case)
    assert set(fired) == {"due", "remind"}
    assert abs(fired["remind"] - at("2027-01-05 09:00")) < SOON
    assert abs(fired["due"] - at("2027-01-07 00:00")) < SOON


async def test_an_earlier_date_is_messaged_and_its_timer_fires_earlier(world: World) -> None:
    case = await world.begin()
    change = await world.publish(EARLIER)
    await world.apply()
    assert [job.messaged for job in await world.jobs(change)] == [True]
    assert (await world.deadline(case)).due == date(2027, 1, 4)
    await world.shell.quiet(case)
    await world.forward(case, at("2027-01-02 09:05"))
    await world.forward(case, at("2027-01-05 00:05"))
    fired = await world.fired(case)
    assert abs(fired["remind"] - at("2027-01-02 09:00")) < SOON
    assert abs(fired["due"] - at("2027-01-05 00:00")) < SOON
    assert world.shell.script.of(case, "remind") == {"remind": 1, "due": 1}


async def test_a_signal_told_twice_changes_nothing(world: World) -> None:
    case = await world.begin()
    await world.publish(EARLIER)
    await world.apply()
    async with world.shell.stores.sessions.begin() as session:
        (promise,) = (await session.scalars(select(Outbox))).all()
        assert promise.done_at is not None
        promise.done_at = None
    assert await world.job.tell(datetime.now(UTC)) == 1
    await world.shell.quiet(case)
    await world.forward(case, at("2027-01-05 00:05"))
    assert world.shell.script.of(case, "remind") == {"remind": 1, "due": 1}


async def test_a_rung_that_fired_for_the_old_date_does_not_fire_again(world: World) -> None:
    case = await world.begin()
    await world.forward(case, at("2027-01-04 10:00"))
    assert list(await world.fired(case)) == ["remind"]
    await world.publish(LATER)
    await world.apply()
    await world.forward(case, at("2027-01-07 10:00"))
    assert world.shell.script.of(case, "remind") == {"remind": 1, "due": 1, "overdue_1": 1}
    assert abs((await world.fired(case))["due"] - at("2027-01-07 00:00")) < SOON


async def test_withdrawing_the_table_restores_date_and_timer(world: World) -> None:
    case = await world.begin()
    await world.publish(LATER)
    await world.apply()
    change = await world.withdraw("late-1")
    await world.apply()
    row = await world.deadline(case)
    assert (row.due, row.provisional) == (date(2027, 1, 5), True)
    assert [job.messaged for job in await world.jobs(change)] == [True]
    moves = await world.changes(case)
    assert [(old, new) for old, new, _ in moves] == [
        (date(2027, 1, 5), date(2027, 1, 6)),
        (date(2027, 1, 6), date(2027, 1, 5)),
    ]
    assert moves[0][2] == f"放假安排公布：{LATER.document}"
    assert moves[1][2].startswith(f"放假安排撤回：{LATER.document}")
    await world.forward(case, at("2027-01-04 09:05"))
    assert abs((await world.fired(case))["remind"] - at("2027-01-04 09:00")) < SOON


async def test_a_table_that_only_makes_dates_definite_messages_and_notifies_nobody(world: World) -> None:
    case = await world.begin()
    change = await world.publish(SAME)
    await world.apply()
    row = await world.deadline(case)
    assert (row.due, row.provisional) == (date(2027, 1, 5), False)
    (job,) = await world.jobs(change)
    assert (job.state, job.messaged) == ("moved", False)
    assert [notice for notice in await world.notices() if notice.kind == "deadline_moved"] == []
    await world.forward(case, at("2027-01-06 00:05"))
    assert world.shell.script.of(case, "remind") == {"remind": 1, "due": 1}


async def test_a_running_holiday_is_extended(world: World) -> None:
    """As in 2020: the notice of 27 January lengthened the holiday that had begun on the 24th."""
    begun = at("2020-01-21 10:00")
    case = await world.begin(begun=begun)
    assert (await world.deadline(case)).due == date(2020, 2, 5)
    await world.publish(table("national", "extended-1", [2020], "2020-02-03 holiday", "2020-02-04 holiday"))
    await world.apply()
    assert (await world.deadline(case)).due == date(2020, 2, 7)
    await world.forward(case, at("2020-02-05 23:00"))
    assert await world.fired(case) == {}
    await world.forward(case, at("2020-02-06 09:05"))
    assert list(await world.fired(case)) == ["remind"]
