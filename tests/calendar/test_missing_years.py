"""From 1 November the administrator hears that next year's table is missing, until it is in."""

from datetime import date

from activities.notify_wording import written
from cases.calendar_changes.missing import missing_now, missing_years, remind
from tests.calendar.calendar_world import LATER, World, at


def test_next_year_is_asked_for_from_november() -> None:
    assert missing_years(date(2026, 10, 31)) == ()
    assert missing_years(date(2026, 11, 1)) == (2027,)
    assert missing_years(date(2027, 1, 1)) == (2027,)
    assert missing_years(date(2027, 11, 1), {2027}) == (2028,)


async def test_the_administrator_hears_once_a_week_until_the_table_is_in(world: World) -> None:
    await world.clocked()
    told = []
    for day in ("2026-10-30", "2026-11-02", "2026-11-03", "2026-11-07", "2026-11-09"):
        async with world.shell.stores.sessions.begin() as session:
            await remind(session, written, at(f"{day} 09:00"))
        told.append(len([n for n in await world.notices() if n.channel == "inbox"]))
    assert told == [0, 1, 1, 1, 2]
    assert (await world.notices())[0].body == "2027年放假安排尚未录入，已有1个期限为暂定日期。"
    await world.publish(LATER)
    async with world.shell.stores.sessions() as session:
        assert await missing_now(session, at("2026-11-16 09:00")) == ()
