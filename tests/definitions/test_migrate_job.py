"""Each case of a plan moves once, whatever is killed, cancelled or ended meanwhile."""

import asyncio
from typing import Any

import pytest

from cases.errors import NotFound
from jiannuo.migration_job import MigrationJob
from tests.definitions.migration_world import LATER, NOW, World
from workflows import client as calls


async def test_a_job_killed_after_the_move_was_recorded_does_not_move_twice(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = await world.deploy()
    cases = [await world.at() for _ in range(4)]
    change = await world.begin(await world.plan(old, await world.deploy(LATER)))
    assert await world.job.one(world.now) == 100
    assert await world.states(change) == {"moved": 1, "waiting": 3}

    class KilledError(Exception):
        pass

    told = calls.migrate

    async def dies(*given: Any) -> None:
        await told(*given)
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(calls, "migrate", dies)
        with pytest.raises(KilledError):
            await world.job.one(world.now)
    assert await world.states(change) == {"moved": 1, "waiting": 3}
    assert sorted([await world.moves(case) for case in cases]) == [0, 0, 1, 1]
    await world.drain()
    assert await world.states(change) == {"moved": 4}
    assert [await world.moves(case) for case in cases] == [1] * 4


async def test_several_jobs_cancelled_at_random_moments_move_each_case_once(world: World) -> None:
    old = await world.deploy()
    cases = [await world.at() for _ in range(12)]
    change = await world.begin(await world.plan(old, await world.deploy(LATER)))
    for delay in (0.01, 0.05, 0.1):
        jobs = [asyncio.create_task(MigrationJob(world.shell.stores, world.shell.client).one(NOW)) for _ in range(3)]
        await asyncio.wait(jobs, timeout=delay)
        for job in jobs:
            job.cancel()
        await asyncio.gather(*jobs, return_exceptions=True)
    await world.drain()
    assert await world.states(change) == {"moved": 12}
    assert [await world.moves(case) for case in cases] == [1] * 12
    await world.sound(*cases)


async def test_one_case_alone_and_the_same_plan_again(world: World) -> None:
    old = await world.deploy()
    one, other = await world.at(), await world.at()
    plan = await world.plan(old, await world.deploy(LATER))
    await world.begin(plan, only=one)
    await world.drain()
    assert (await world.moves(one), await world.moves(other)) == (1, 0)
    with pytest.raises(NotFound, match="没有需要迁移的内容"):
        await world.begin(plan, only=one)
    again = await world.begin(plan)
    await world.drain()
    assert await world.states(again) == {"moved": 1}
    assert (await world.moves(one), await world.moves(other)) == (1, 1)


async def test_an_ended_case_is_left(world: World) -> None:
    old = await world.deploy()
    case = await world.at("first", "second")
    change = await world.begin(await world.plan(old, await world.deploy(LATER)))
    await world.shell.complete(case, "third")
    await world.drain()
    assert await world.states(change) == {"left": 1}
