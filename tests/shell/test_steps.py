"""One execution from its first step to its last: every path through the three-task model."""

import json
from datetime import timedelta

import pytest

from bpmn.events import IncidentRetried
from cases.reconcile import rebuild
from cases.tables.engine import Incident, Instance, StageEntry
from tests.shell.shell import Shell
from workflows.client import Accepted, Gone, Refused

FIVE_DAYS = timedelta(days=5)


async def test_a_case_runs_to_its_end_and_every_step_is_recorded_once(shell: Shell) -> None:
    case = await shell.begin()
    await shell.quiet(case)
    for element in ("first", "second", "third"):
        assert await shell.open_tasks(case) == [element]
        assert isinstance(await shell.complete(case, element), Accepted)
    row = await shell.instance(case)
    assert (row.status, row.halted) == ("completed", None)
    assert [step[0] for step in await shell.story(case)] == [
        "InstanceStarted", "TaskCompleted", "JobCompleted", "DefinitionResolved", "JobCompleted", "DeadlineSet",
        "TaskCompleted", "TaskCompleted",
    ]  # fmt: skip
    assert [entry.stage for entry in await shell.rows(StageEntry, case)] == ["one", "two", "three"]
    assert await shell.handle(case).result() == row.last_step


async def test_a_state_is_held_against_the_log_by_what_it_says_not_by_how_a_release_wrote_it(shell: Shell) -> None:
    """A case may rest for years: reconcile must not report it because a later release writes states otherwise."""
    case = await shell.begin()
    await shell.quiet(case)
    stored = json.loads((await shell.instance(case)).state or "")
    otherwise = json.dumps({**stored, "status": "running"}, indent=1)
    moved_on = json.dumps({**stored, "status": "completed"})
    for state, differs in ((moved_on, True), ("{", True), ('{"kind": "State"}', True), (otherwise, False)):
        async with shell.stores.transaction() as session:
            (await session.get_one(Instance, case)).state = state
        async with shell.stores.sessions() as session:
            found = (await rebuild(session, shell.stores.definitions, case)).differences
        assert [one.table for one in found] == ["instance.state"] * differs, state


async def test_an_act_on_an_ended_case_is_answered(shell: Shell) -> None:
    case = await shell.begin()
    await shell.quiet(case)
    completion = await shell.completion(case, "first")
    await shell.forward(case, timedelta(days=3))
    assert (await shell.instance(case)).status == "completed"
    assert await shell.send(case, completion) == Gone()


async def test_a_job_that_fails_becomes_an_incident_that_an_operator_retries(shell: Shell) -> None:
    case = await shell.row()
    shell.script.work[case] = ["fail", "fail"]
    await shell.start(case)
    await shell.quiet(case)
    await shell.complete(case, "first")
    (incident,) = await shell.rows(Incident, case)
    assert (incident.element_id, incident.rule, incident.reason) == ("work", "job-failed", "Away")
    assert isinstance(await shell.operate(case, IncidentRetried(incident.key)), Accepted)
    await shell.quiet(case)
    (incident,) = await shell.rows(Incident, case)
    assert incident.resolved_at is not None
    assert await shell.open_tasks(case) == ["second"]
    assert isinstance(await shell.operate(case, IncidentRetried(incident.key)), Refused)


async def test_a_business_error_takes_the_branch_of_the_model(shell: Shell) -> None:
    case = await shell.row()
    shell.script.work[case] = ["error"]
    await shell.start(case)
    await shell.quiet(case)
    await shell.complete(case, "first")
    assert await shell.open_tasks(case) == ["mend"]
    await shell.complete(case, "mend")
    assert await shell.open_tasks(case) == ["second"]


async def test_an_unknown_callee_is_an_incident(shell: Shell) -> None:
    case = await shell.begin(callee="nowhere")
    await shell.quiet(case)
    await shell.complete(case, "first")
    (incident,) = await shell.rows(Incident, case)
    assert (incident.element_id, incident.rule) == ("call", "definition")
    assert "nowhere" in incident.reason


@pytest.mark.parametrize("each_step", [False, True])
async def test_every_rung_of_a_deadline_fires_once(shell: Shell, each_step: bool) -> None:
    case = await shell.begin(each_step=each_step)
    await shell.quiet(case)
    await shell.complete(case, "first")
    for _ in range(4):
        await shell.forward(case, FIVE_DAYS)
    fired = shell.script.of(case, "remind")
    assert fired
    assert set(fired.values()) == {1}
    assert "due" in fired
