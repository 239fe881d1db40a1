"""A rectification limit may not end after the handling limit of its channel, wherever that goes."""

from datetime import date, datetime

from bpmn.commands import ExtendDeadline
from cases.projection.context import Projecting
from cases.projection.deadlines import extend
from cases.tables.clocks import Deadline
from cases.tables.engine import Instance
from tests.calendar.calendar_world import World, at

BEGUN = at("2026-06-16 10:00")


async def test_what_handling_capped_is_set_free_when_handling_is_extended(world: World) -> None:
    """The notice said thirty days; the cap of the channel cut them to the handling limit, which is then extended."""
    case = await world.case(channel="SME", begun=BEGUN)
    await world.clock(case, "handling", 1, begun=BEGUN)
    await world.clock(case, "rectification", 2, begun=at("2026-07-01 10:00"))
    assert (await world.deadline(case, 2)).due == (await world.deadline(case, 1)).due == date(2026, 7, 16)
    approved = datetime(2026, 7, 10, 3, 0).astimezone()
    async with world.shell.stores.sessions.begin() as session:
        instance = await session.get_one(Instance, case)
        ctx = Projecting(session, instance, {}, 2, approved)
        await extend(ctx, ExtendDeadline(1, "60d", approved.isoformat(), "案情复杂"))
        told = [(event.deadline_key, event.due) for event in ctx.answers]
    assert told == [(1, "2026-09-14"), (2, "2026-07-31")]
    assert await world.changes(case) == [
        (date(2026, 7, 16), date(2026, 9, 14), "批准延长60d"),
        (date(2026, 7, 16), date(2026, 7, 31), "办理期限变动"),
    ]
    row: Deadline = await world.deadline(case, 2)
    assert "不得晚于" not in "".join(line["zh"] for line in row.derivation)
