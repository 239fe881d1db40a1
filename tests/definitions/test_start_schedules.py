"""Timer starts of what is deployed: which version begins, when, and how often."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from cases.errors import Conflict
from cases.queries.start_schedules import late_starts
from cases.tables.engine import DefinitionVersion
from cases.tables.start_schedules import StartSchedule
from tests.definitions.timed_world import HOUR, NOW, World, world

__all__ = ["world"]


async def test_a_cycle_counts_from_the_deployment_and_ends(world: World) -> None:
    await world.deploy("R2/PT1H")
    assert await world.round(NOW + HOUR - timedelta(seconds=1)) == 0
    assert (await world.one()).next_at == NOW + HOUR
    for hours in (1, 2, 3):
        await world.round(NOW + hours * HOUR)
    first, second = await world.begun()
    assert [one.created_at for one in (first, second)] == [NOW + HOUR, NOW + 2 * HOUR]
    assert (first.start_event, first.start_definition, first.variables, first.channel) == ("s1", None, "{}", None)
    assert first.id == f"{world.process}:{first.business_key}"
    assert first.business_key.endswith("-20261122T050000Z")
    assert await world.promises() == 2
    shown = await world.one()
    assert (shown.status, shown.next_at, shown.begun, shown.last_instance_id) == ("ended", None, 2, second.id)
    assert (shown.last_at, shown.last_status) == (NOW + 2 * HOUR, "starting")


async def test_a_date_gone_by_begins_at_once_and_once(world: World) -> None:
    await world.deploy("2026-11-01T09:00:00+08:00", form="timeDate")
    for _ in range(3):
        await world.round(NOW)
    assert len(await world.begun()) == 1


async def test_every_timer_start_has_its_own_schedule(world: World) -> None:
    await world.deploy("R/PT1H", "0 30 * * * *")
    await world.round(NOW + timedelta(minutes=30))
    await world.round(NOW + HOUR)
    assert [one.start_event for one in await world.begun()] == ["s2", "s1"]


async def test_what_was_missed_is_begun_once_and_the_plan_goes_on(world: World) -> None:
    await world.deploy("R/PT1H")
    back = NOW + timedelta(hours=5, minutes=20)
    async with world.stores.sessions() as session:
        assert await late_starts(session, back) >= 1
    for _ in range(3):
        await world.round(back)
    assert len(await world.begun()) == 1
    assert (await world.one()).next_at == NOW + 6 * HOUR
    async with world.stores.sessions() as session:
        late = select(StartSchedule.next_at).where(StartSchedule.process_id == world.process)
        assert await session.scalar(late) == NOW + 6 * HOUR


async def test_the_newest_version_alone_begins(world: World) -> None:
    await world.deploy("R/PT1H")
    await world.deploy("R/PT2H", at=NOW + timedelta(minutes=30))
    assert (await world.one()).version == 2
    await world.round(NOW + HOUR)
    assert await world.begun() == []
    await world.round(NOW + timedelta(hours=2, minutes=30))
    (one,) = await world.begun()
    async with world.stores.sessions() as session:
        newest = select(DefinitionVersion.hash).where(DefinitionVersion.definition_id == world.process)
        assert one.graph_hash == await session.scalar(newest.where(DefinitionVersion.version == 2))


async def test_a_newer_version_without_a_timer_ends_the_schedule_and_an_older_file_again_takes_it_up(
    world: World,
) -> None:
    await world.deploy("R/PT1H")
    await world.deploy()
    assert await world.shown() == []
    await world.round(NOW + HOUR)
    assert await world.begun() == []
    await world.deploy("R/PT1H", at=NOW + HOUR)
    shown = await world.one()
    assert (shown.version, shown.next_at) == (3, NOW + 2 * HOUR)


async def test_the_same_bytes_again_leave_the_schedule_as_it_is(world: World) -> None:
    await world.deploy("R/PT1H")
    await world.deploy("R/PT1H", at=NOW + timedelta(minutes=50))
    assert (await world.one()).next_at == NOW + HOUR


async def test_what_an_earlier_release_deployed_is_taken_up_when_it_is_deployed_again(world: World) -> None:
    await world.deploy("R/PT1H")
    async with world.stores.sessions.begin() as session:
        row = await session.get_one(StartSchedule, (await world.one()).id)
        await session.delete(row)
    await world.deploy("R/PT1H", at=NOW + HOUR)
    shown = await world.one()
    assert (shown.version, shown.next_at) == (1, NOW + 2 * HOUR)


async def test_jobs_at_once_begin_each_start_once(world: World) -> None:
    await world.deploy("R/PT1H", "R/PT1H", "R/PT1H")
    await asyncio.gather(*(world.round(NOW + HOUR) for _ in range(6)))
    assert len(await world.begun()) == await world.promises() == 3


async def test_a_job_killed_before_its_commit_leaves_nothing_half_done(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.deploy("R/PT1H")

    class Killed(BaseException):
        pass

    def killed(*given: object, **named: object) -> None:
        raise Killed

    monkeypatch.setattr("cases.start_schedules.Outbox", killed)
    with pytest.raises(Killed):
        await world.round(NOW + HOUR)
    assert (await world.begun(), (await world.one()).next_at) == ([], NOW + HOUR)
    monkeypatch.undo()
    await world.round(NOW + HOUR)
    assert len(await world.begun()) == await world.promises() == 1


async def test_a_database_that_forgot_begins_the_same_instance_for_the_same_instant(world: World) -> None:
    await world.deploy("R/PT1H")
    async with world.stores.sessions() as session:
        backup = await session.get_one(StartSchedule, (await world.one()).id)
    for hours in (1, 2, 3):
        await world.round(NOW + hours * HOUR)
    async with world.stores.sessions.begin() as session:
        row = await session.get_one(StartSchedule, backup.id)
        row.plan, row.next_at, row.begun = backup.plan, backup.next_at, 0
    await world.round(NOW + HOUR)
    assert len(await world.begun()) == await world.promises() == 3
    await world.round(NOW + 4 * HOUR)
    await world.round(NOW + 5 * HOUR)
    assert [one.business_key[-16:] for one in await world.begun()] == [
        f"20261122T0{hour}0000Z" for hour in (5, 6, 7, 9)
    ]  # fmt: skip


async def test_a_deployment_beside_the_job_ends_the_older_schedule(world: World) -> None:
    await world.deploy("R/PT1H")
    await asyncio.gather(world.round(NOW + HOUR), world.deploy("R/PT3H", at=NOW + HOUR), world.round(NOW + HOUR))
    await world.round(NOW + 2 * HOUR)
    assert len(await world.begun()) <= 1
    assert (await world.one()).next_at == NOW + 4 * HOUR


async def test_a_timer_that_only_fails_at_the_deployment_is_refused_and_nothing_is_stored(world: World) -> None:
    text = '=if now() > date and time("2026-06-01T00:00:00Z") then "soon" else "R/PT1H"'
    with pytest.raises(Conflict, match="没有部署"):
        await world.deploy(text)
    assert await world.shown() == []
    async with world.stores.sessions() as session:
        stored = select(DefinitionVersion.id).where(DefinitionVersion.definition_id == world.process)
        assert await session.scalar(stored) is None
