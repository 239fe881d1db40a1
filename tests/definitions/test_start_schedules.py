"""Timer starts of what is deployed: which version begins, when, how often, and what an operator does about it."""

import asyncio
import itertools
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from typer.testing import CliRunner

from activities.stores import Stores
from cases import audit
from cases.definitions import deploy
from cases.errors import Conflict, Invalid, NotFound
from cases.queries.start_schedules import Scheduled, acts_on, late_starts, start_schedules
from cases.start_schedule_acts import act
from cases.tables.engine import DefinitionVersion, Instance
from cases.tables.ledger import Outbox
from cases.tables.start_schedules import StartSchedule
from jiannuo.bpmn_cli import app
from jiannuo.timer_starter import TimerStarter
from tests.bpmn.bpmn_models import end, flows, process, start, timer, user
from tests.shell.shell import PACK

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
_numbers = itertools.count(1)


class World:
    """One process of the test's own, and the job."""

    def __init__(self, stores: Stores, folder: Path) -> None:
        self.stores, self.folder, self.process = stores, folder, f"timed_{next(_numbers)}"

    async def deploy(self, *timers: str, form: str = "timeCycle", at: datetime = NOW, task: str = "a") -> None:
        body = "".join(start(f"s{number}", timer(text, form)) for number, text in enumerate(timers, 1))
        body += "" if timers else start("s1")
        body += user(task) + end() + flows(*(f"s{number}>{task}" for number in range(1, max(len(timers), 1) + 1)))
        path = self.folder / f"{self.process}.bpmn"
        path.write_bytes(process(body + flows(f"{task}>e"), name=self.process))
        async with self.stores.sessions.begin() as session:
            await deploy(session, PACK, [path], at)

    async def round(self, at: datetime) -> int:
        return await TimerStarter(self.stores).once(at)

    async def begun(self) -> list[Instance]:
        async with self.stores.sessions() as session:
            wanted = select(Instance).where(Instance.process_id == self.process)
            return list(await session.scalars(wanted.order_by(Instance.created_at, Instance.id)))

    async def promises(self) -> int:
        async with self.stores.sessions() as session:
            wanted = select(func.count()).select_from(Outbox).where(Outbox.ref.startswith(f"{self.process}:"))
            return int(await session.scalar(wanted) or 0)

    async def shown(self) -> list[Scheduled]:
        async with self.stores.sessions() as session:
            found = await start_schedules(session, self.stores.definitions, PACK)
        return [one for one in found if one.process_id == self.process]

    async def one(self) -> Scheduled:
        (found,) = await self.shown()
        return found

    async def act(self, wanted: str, at: datetime = NOW, reason: str = "测试", begun: int | None = None) -> None:
        id_ = (await self.one()).id
        async with self.stores.sessions.begin() as session:
            await act(session, id_, wanted, reason, "operator:li", at, begun=begun)


@pytest.fixture
def world(stores: Stores, tmp_path: Path) -> World:
    return World(stores, tmp_path)


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


async def test_what_falls_due_in_a_pause_is_not_begun(world: World) -> None:
    await world.deploy("R/PT1H")
    await world.act("pause", reason="对账期间不启动")
    await world.round(NOW + 3 * HOUR)
    assert await world.begun() == []
    await world.act("resume", NOW + timedelta(hours=3, minutes=5))
    await world.round(NOW + timedelta(hours=3, minutes=5))
    assert (await world.begun(), (await world.one()).next_at) == ([], NOW + 4 * HOUR)
    async with world.stores.sessions() as session:
        acts = await acts_on(session, (await world.one()).id, 10)
        assert [(one.act, one.actor, one.reason) for one in acts] == [
            ("resume", "operator:li", "测试"), ("pause", "operator:li", "对账期间不启动"),
        ]  # fmt: skip
        assert await audit.broken_at(session) is None


async def test_a_pause_outlasts_a_new_version(world: World) -> None:
    await world.deploy("R/PT1H")
    await world.act("pause")
    await world.deploy("R/PT1H", "R/PT1H", task="b")
    assert [(one.start_event, one.status) for one in await world.shown()] == [("s1", "paused"), ("s2", "active")]


async def test_a_single_instant_that_passed_in_a_pause_is_over(world: World) -> None:
    await world.deploy("PT1H", form="timeDuration")
    await world.act("pause")
    await world.act("resume", NOW + 2 * HOUR)
    assert (await world.one()).status == "ended"


async def test_one_more_by_hand_moves_no_instant_and_one_wish_begins_one(world: World) -> None:
    await world.deploy("R/PT1H")
    await world.act("start", NOW + timedelta(minutes=5), begun=0)
    with pytest.raises(Conflict, match="已经启动过"):
        await world.act("start", NOW + timedelta(minutes=5), begun=0)
    await world.act("start", NOW + timedelta(minutes=6), begun=1)
    await world.round(NOW + HOUR)
    assert [one.created_at for one in await world.begun()] == [
        NOW + timedelta(minutes=5), NOW + timedelta(minutes=6), NOW + HOUR,
    ]  # fmt: skip
    assert await world.promises() == 3


@pytest.mark.parametrize(
    ("before", "wanted", "sentence"),
    [([], "resume", "没有暂停"), (["pause"], "pause", "已经暂停")],
)
async def test_an_act_that_does_not_fit_is_refused(
    world: World, before: list[str], wanted: str, sentence: str
) -> None:
    await world.deploy("R/PT1H")
    for earlier in before:
        await world.act(earlier)
    with pytest.raises(Conflict, match=sentence):
        await world.act(wanted)


async def test_an_act_without_reason_or_on_nothing_or_on_an_older_version_is_refused(world: World) -> None:
    await world.deploy("R/PT1H")
    with pytest.raises(Invalid):
        await world.act("pause", reason=" ")
    old = (await world.one()).id
    await world.deploy("R/PT2H")
    for id_, error in (("nothing", NotFound), (old, Conflict)):
        with pytest.raises(error):
            async with world.stores.sessions.begin() as session:
                await act(session, id_, "start", "试", "operator:li", NOW)


async def test_a_timer_that_only_fails_at_the_deployment_is_refused_and_nothing_is_stored(world: World) -> None:
    text = '=if now() > date and time("2026-06-01T00:00:00Z") then "soon" else "R/PT1H"'
    with pytest.raises(Conflict, match="没有部署"):
        await world.deploy(text)
    assert await world.shown() == []
    async with world.stores.sessions() as session:
        stored = select(DefinitionVersion.id).where(DefinitionVersion.definition_id == world.process)
        assert await session.scalar(stored) is None


async def test_the_command_line_lists_pauses_resumes_and_begins(world: World, command_line: None) -> None:
    def bpmn(*words: str) -> str:
        result = CliRunner().invoke(app, list(words))
        assert result.exit_code == 0, result.output
        return result.output

    path = world.folder / f"{world.process}.bpmn"
    body = start("s1", timer("R/PT1H", "timeCycle")) + user("a") + end() + flows("s1>a", "a>e")
    path.write_bytes(process(body, name=world.process))
    told = await asyncio.to_thread(bpmn, "deploy", str(path), "--dry-run", "--json")
    (planned,) = json.loads(told)["schedules"]
    assert planned["timer"] == "R/PT1H"
    assert await world.shown() == []
    assert "R/PT1H  等待时点" in await asyncio.to_thread(bpmn, "deploy", str(path))
    id_ = (await world.one()).id
    assert "已暂停" in await asyncio.to_thread(bpmn, "schedules", "pause", id_, "--reason", "对账")
    assert "等待时点" in await asyncio.to_thread(bpmn, "schedules", "resume", id_, "--reason", "对账完毕")
    assert "begun: " in await asyncio.to_thread(bpmn, "schedules", "start", id_, "--reason", "补做一次")
    (begun,) = await world.begun()
    assert begun.id in await asyncio.to_thread(bpmn, "schedules")
    rows = json.loads(await asyncio.to_thread(bpmn, "schedules", "--json"))
    (row,) = [row for row in rows if row["process_id"] == world.process]
    assert (row["begun"], row["last_instance_id"]) == (1, begun.id)
    assert "没有定时启动" in await asyncio.to_thread(bpmn, "schedules", "--pack", "none")
    refused = await asyncio.to_thread(CliRunner().invoke, app, ["schedules", "pause", "nothing", "--reason", "试"])
    assert str(refused.exception) == "没有这个定时启动。"
