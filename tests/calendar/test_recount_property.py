"""For random tables: what the job leaves in the rows is what counting from scratch gives, and withdrawal undoes it."""

import random
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from cases.calendar_changes.table import Table
from cases.calendars import calendar_for
from cases.deadlines.calendar import DayKind, DayRow
from cases.policy.loader import load
from cases.projection.deadlines import computation, instants
from cases.tables.clocks import Deadline
from cases.tables.engine import Instance
from tests.calendar.calendar_world import BANNER, OTHER_BANNER, World, at

NAMES = ("screening", "supplement", "referral", "verification", "rectification", "performance", "review", "record")
LAYERS = ("national", "nmg-2023", BANNER, "150700")


def random_table(chance: random.Random, version: str) -> Table:
    years = chance.choice([(2026,), (2027,), (2026, 2027)])
    days = {date(chance.choice(years), chance.choice((1, 2, 12)), chance.randint(1, 28)) for _ in range(12)}
    rows = tuple(DayRow(day, chance.choice(list(DayKind)), f"{version}-{day}") for day in sorted(days))
    return Table(chance.choice(LAYERS), version, f"{version}号", years, rows)


async def stored(world: World) -> dict[tuple[str, int], tuple[object, ...]]:
    async with world.shell.stores.sessions() as session:
        rows = (await session.scalars(select(Deadline))).all()
    return {(row.instance_id, row.key): (row.due, row.due_at, row.unrolled, row.rungs, row.provisional) for row in rows}


async def scratch(world: World) -> dict[tuple[str, int], tuple[object, ...]]:
    found: dict[tuple[str, int], tuple[object, ...]] = {}
    async with world.shell.stores.sessions() as session:
        for row in (await session.scalars(select(Deadline))).all():
            instance = await session.get_one(Instance, row.instance_id)
            pack = load(instance.pack)
            rule = pack.rule(row.name, "CREDIT_NM")
            assert rule is not None
            new = computation(row, rule, await calendar_for(session, pack, instance.business_key), None)
            found[row.instance_id, row.key] = (new.due, new.due_at, new.unrolled, instants(new), new.provisional)
    return found


@pytest.mark.parametrize("seed", range(6))
async def test_the_rows_are_as_if_counted_from_scratch(world: World, seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(12):
        begun = at("2026-11-20 10:00") + timedelta(days=chance.randint(0, 70), hours=chance.randint(0, 12))
        region = chance.choice((BANNER, OTHER_BANNER))
        paused = {"since": begun.isoformat(), "until": (begun + timedelta(days=4)).isoformat(), "reason": "补正"}
        row = {"pauses": [paused]} if chance.random() < 0.3 else {}
        await world.clocked(chance.choice(NAMES), begun=begun, region=region, row=row)
    at_first = await stored(world)
    published = []
    for number in range(3):
        table = random_table(chance, f"random-{seed}-{number}")
        published.append(table.version)
        await world.publish(table)
        await world.apply()
        assert await stored(world) == await scratch(world)
    chance.shuffle(published)
    for version in published:
        await world.withdraw(version)
        await world.apply()
        assert await stored(world) == await scratch(world)
    assert await stored(world) == at_first
