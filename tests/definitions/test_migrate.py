"""Open cases move to a changed model by a plan: checked, tried, shown, and each move logged."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from cases.definitions import deploy
from cases.errors import Invalid, NotFound
from cases.model_changes.plan import Plan
from cases.model_changes.progress import results
from cases.queries.definitions import definitions
from cases.tables.clocks import Deadline
from cases.tables.engine import LoggedStep
from cases.tables.ledger import AuditEntry
from cases.tables.worklist import Task
from jiannuo.bpmn_cli import app
from jiannuo.errors import JiannuoError
from tests.definitions.migration_world import LATER, MEND_GONE, NOW, RENAMED, THREE, World
from tests.shell.shell import PACK


async def test_open_cases_go_on_in_the_new_model_with_their_clocks(world: World) -> None:
    shell, old = world.shell, await world.deploy()
    waiting, renewed = await world.at(), await world.at(each_step=True)
    limited = await world.at("first")
    clocks = await shell.clocks(limited)
    new = await world.deploy(LATER, RENAMED)
    change = await world.begin(await world.plan(old, new, second="second_new"))
    await world.drain()
    assert await world.states(change) == {"moved": 3}
    await shell.quiet(waiting, renewed, limited)
    await world.sound(waiting, renewed, limited)

    # The timer that the new model sets later does not fire at the old instant.
    await shell.forward(waiting, timedelta(hours=60))
    assert await shell.open_tasks(waiting) == ["first"]
    assert await shell.open_tasks(limited) == ["second_new"]
    assert [row.status for row in await shell.rows(Task, limited) if row.element_id == "second"] == ["cancelled"]
    assert await shell.clocks(limited) == clocks
    for case, path in ((renewed, ("first",)), (limited, ())):
        for element in (*path, "second_new", "third"):
            await shell.complete(case, element)
        assert (await shell.instance(case)).status == "completed"
        await world.sound(case)
    assert (await shell.instance(limited)).graph_hash == new


async def test_every_move_is_logged_with_actor_and_reason(world: World) -> None:
    old = await world.deploy()
    case = await world.at()
    new = await world.deploy(LATER)
    change = await world.begin(await world.plan(old, new))
    await world.drain()
    async with world.shell.stores.sessions() as session:
        (entry,) = await session.scalars(
            select(AuditEntry).where(
                AuditEntry.act == "operate:InstanceMigrated",
                AuditEntry.facts["operation"].astext.startswith(f"migration-{change}-"),
            )
        )
        (result,) = await results(session, change)
        listed = {one.version: one.open for one in await definitions(session, PACK) if one.id == world.process}
    assert (entry.actor, entry.facts["reason"], entry.facts["step"]) == ("cli:li", "模型修订", result.step)
    (step,) = [row for row in await world.shell.rows(LoggedStep, case) if row.number == result.step]
    assert step.actor == "cli:li"
    assert listed == {2: 1, 1: 0}


async def test_a_case_that_does_not_fit_is_refused_and_keeps_its_version(world: World) -> None:
    old = await world.deploy()
    fits = await world.at()
    stuck = await world.shell.row(world.process)
    world.shell.script.work[stuck] = ["error"]
    await world.shell.start(stuck)
    await world.shell.quiet(stuck)
    await world.shell.complete(stuck, "first")
    assert await world.shell.open_tasks(stuck) == ["mend"]
    new = await world.deploy(MEND_GONE)
    plan = await world.plan(old, new)
    assert "mend" not in plan.mapping
    tried = {one.instance_id: [problem.element_id for problem in one.problems] for one in await world.tried(plan)}
    assert tried == {fits: [], stuck: ["mend"]}
    change = await world.begin(plan)
    await world.drain()
    assert await world.states(change) == {"moved": 1, "refused": 1}
    async with world.shell.stores.sessions() as session:
        (refused,) = [one for one in await results(session, change) if one.state == "refused"]
    assert "'更正' (mend)" in (refused.problem or "")
    assert await world.moves(stuck) == 0
    await world.shell.complete(stuck, "mend")
    assert await world.shell.open_tasks(stuck) == ["second"]


async def test_a_plan_that_no_case_could_pass_is_refused_before_any_is_touched(world: World) -> None:
    old = await world.deploy()
    await world.at()
    new = await world.deploy(MEND_GONE)
    with pytest.raises(Invalid, match="mend"):
        await world.begin(await world.plan(old, new, mend="joined"))
    with pytest.raises(NotFound, match="没有部署"):
        await world.begin(Plan(world.process, old, world.process, "0" * 64))


async def test_a_dry_run_shows_what_happens_and_changes_nothing(world: World) -> None:
    shell, old = world.shell, await world.deploy()
    case = await world.at("first")
    new = await world.deploy(RENAMED)
    plan = await world.plan(old, new, second="second_new")
    before = [(row.number, row.digest) for row in await shell.rows(LoggedStep, case)]
    (tried,) = await world.tried(plan)
    assert [(row.number, row.digest) for row in await shell.rows(LoggedStep, case)] == before
    told = {(one.what, one.kind, one.element) for one in tried.changes}
    assert {("moved", "token", "second"), ("withdrawn", "task", "second"), ("created", "task", "second_new")} <= told
    assert {("kept", "deadline", "limited"), ("kept", "timer", "rung")} <= told
    await world.begin(plan)
    await world.drain()
    assert await shell.open_tasks(case) == ["second_new"]
    assert [row.status for row in await shell.rows(Deadline, case)] == ["running"]


async def test_a_called_process_moves_inside_its_caller(world: World) -> None:
    shell = world.shell
    text = THREE.replace('process id="three"', 'process id="outer"')
    (world.folder / "outer.bpmn").write_text(text)
    inner = await world.deploy()
    async with shell.stores.sessions.begin() as session:
        await deploy(session, PACK, [world.folder / "outer.bpmn"], NOW)
    case = await shell.begin("outer", callee=world.process)
    await shell.quiet(case)
    await shell.complete(case, "first")
    # Now in the called process, which has a first task of its own.
    assert await shell.open_tasks(case) == ["first"]
    change = await world.begin(await world.plan(inner, await world.deploy(('"first"', '"begun"')), first="begun"))
    await world.drain()
    assert await world.states(change) == {"moved": 1}
    assert await shell.open_tasks(case) == ["begun"]
    await world.sound(case)


@pytest.mark.usefixtures("command_line")
async def test_the_commands_lead_from_plan_to_done(world: World, tmp_path: Path) -> None:
    await world.deploy()
    case = await world.at("first")
    await world.deploy(RENAMED)

    async def jiannuo(*words: str) -> tuple[int, str]:
        # In a thread of its own, since every command runs a loop of its own.
        result = await asyncio.to_thread(CliRunner().invoke, app, ["migrate", *words])
        return (1 if isinstance(result.exception, JiannuoError) else result.exit_code), result.output

    file = tmp_path / "plan.yaml"
    code, told = await jiannuo("plan", f"{world.process}@1", f"{world.process}@2", "--out", str(file))
    assert (code, told) == (0, f"{file}: 1 elements to decide\n")
    text = file.read_text()
    assert '"second":   # userTask 第二项，可能对应 second_new' in text
    file.write_text(text.replace('"second":', '"second": second_new'))
    assert (await jiannuo("check", str(file)))[0] == 0
    code, told = await jiannuo("dry-run", str(file), "--all", "--json")
    assert [one["instance"] for one in json.loads(told)["cases"]] == [case]
    assert (await jiannuo("apply", str(file), "--reason", " ", "--all"))[0] == 1
    stop = asyncio.Event()
    running = asyncio.create_task(world.job.run(stop))
    code, told = await jiannuo("apply", str(file), "--reason", "模型修订", "--all")
    stop.set()
    await running
    assert (code, "1 moved" in told) == (0, True), told
    assert await world.shell.open_tasks(case) == ["second_new"]
