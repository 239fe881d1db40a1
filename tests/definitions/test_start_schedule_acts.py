"""What an operator does about timer starts: pause, resume, one more by hand; on pages and by command alike."""

import asyncio
import json
from datetime import timedelta

import pytest
from typer.testing import CliRunner

from cases import audit
from cases.errors import Conflict, Invalid, NotFound
from cases.queries.start_schedules import acts_on
from cases.start_schedule_acts import act
from jiannuo.bpmn_cli import app
from tests.bpmn.bpmn_models import end, flows, process, start, timer, user
from tests.definitions.timed_world import HOUR, NOW, World, world

__all__ = ["world"]


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
