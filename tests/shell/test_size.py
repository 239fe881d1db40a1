"""Instances with very many tasks, and with more data than a payload holds."""

import random

import pytest

from bpmn.events import InstanceCancelled, TaskCompleted, VariablesEdited
from cases.tables.engine import Incident
from cases.tables.worklist import Task
from tests.shell.shell import Shell
from workflows import messages
from workflows.client import Accepted, Outcome, Refused
from workflows.limits import EVENT_CHARACTERS


def noise(seed: int, size: int) -> str:
    """Text of which deflating leaves about half."""
    return random.Random(seed).randbytes(size // 2).hex()


async def run_of(shell: Shell, case: str) -> str | None:
    return (await shell.handle(case).describe()).run_id


async def completed(shell: Shell, count: int) -> None:
    """A case with so many open tasks: acts, a renewal, an act after it, an end that closes all the others."""
    case = await shell.begin("wide", count=count)
    await shell.quiet(case)
    keys = [task.key for task in await shell.rows(Task, case)]
    assert len(keys) == count
    for key in keys[:3]:
        assert isinstance(await shell.send(case, TaskCompleted(key)), Accepted)
    first_run = await run_of(shell, case)
    await shell.handle(case).signal(messages.SIGNAL_CONTINUE_AS_NEW)
    await shell.quiet(case)
    assert await run_of(shell, case) != first_run
    assert isinstance(await shell.send(case, TaskCompleted(keys[3])), Accepted)
    assert len(await shell.open_tasks(case)) == count - 4
    assert isinstance(await shell.operate(case, InstanceCancelled("test")), Accepted)
    await shell.quiet(case)
    assert {task.status for task in await shell.rows(Task, case)} == {"completed", "cancelled"}


async def test_a_thousand_open_tasks_in_one_instance(shell: Shell) -> None:
    await completed(shell, 1_000)


@pytest.mark.nightly
async def test_ten_thousand_open_tasks_in_one_instance(shell: Shell) -> None:
    await completed(shell, 10_000)


async def test_a_case_that_holds_too_much_data_takes_no_more_until_an_operator_removes_some(shell: Shell) -> None:
    case = await shell.begin("wide", count=20)
    await shell.quiet(case)
    first_run = await run_of(shell, case)
    keys = [task.key for task in await shell.rows(Task, case)]
    each = EVENT_CHARACTERS - 1_000
    kept: list[str] = []
    refused: Outcome = Accepted(0)
    while isinstance(refused, Accepted):
        kept.append(f"blob{len(kept)}")
        refused = await shell.send(case, TaskCompleted(keys.pop(), {kept[-1]: noise(len(kept), each)}))
    assert isinstance(refused, Refused)
    assert (refused.rule, "管理员" in refused.sentence) == (messages.TOO_LARGE, True)
    # What brings no data goes on, and a renewal that could not take the state along waits.
    await shell.handle(case).signal(messages.SIGNAL_CONTINUE_AS_NEW)
    assert isinstance(await shell.send(case, TaskCompleted(keys.pop())), Accepted)
    await shell.quiet(case)
    assert await run_of(shell, case) == first_run
    assert isinstance(await shell.operate(case, VariablesEdited(1, dict.fromkeys(kept))), Accepted)
    await shell.quiet(case)
    assert isinstance(await shell.send(case, TaskCompleted(keys.pop(), {"opinion": "agreed"})), Accepted)
    await shell.quiet(case)
    assert await run_of(shell, case) != first_run


async def test_one_act_larger_than_a_payload_is_refused_with_a_sentence(shell: Shell) -> None:
    case = await shell.begin("wide", count=2)
    await shell.quiet(case)
    keys = [task.key for task in await shell.rows(Task, case)]
    for size in (EVENT_CHARACTERS, 6_000_000):
        refused = await shell.send(case, TaskCompleted(keys[0], {"blob": noise(1, size)}))
        assert isinstance(refused, Refused)
        assert (refused.rule, "附件" in refused.sentence) == (messages.TOO_LARGE, True)
    assert isinstance(await shell.send(case, TaskCompleted(keys[0])), Accepted)


async def test_a_job_that_answers_with_too_much_is_an_incident(shell: Shell) -> None:
    case = await shell.row()
    shell.script.work[case] = [f"noise {EVENT_CHARACTERS}"]
    await shell.start(case)
    await shell.quiet(case)
    await shell.complete(case, "first")
    (incident,) = await shell.rows(Incident, case)
    assert (incident.rule, incident.element_id) == ("job-failed", "work")
    assert str(EVENT_CHARACTERS) in incident.reason
