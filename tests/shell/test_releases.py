"""A worker of the old release and one of the new serve the same queue while an upgrade is under way.

Real processes, since a process has one set of rules: the start of two workers takes most of the test's time.
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.exceptions import ApplicationError, FailureError
from temporalio.testing import ActivityEnvironment, WorkflowEnvironment

from activities import contracts
from activities.record import Recording
from bpmn import codec, semantics
from bpmn.graphset import GraphSet
from bpmn.instance.migrations import UnknownVersion
from bpmn.json_text import loads
from bpmn.state import State
from cases.errors import Unavailable
from cases.reconcile import rebuild
from cases.states import state_of
from cases.steps import StateCache
from cases.tables.engine import Incident
from jiannuo.reconcile import Reconciler
from jiannuo.upgrade import counts, upgrade
from tests.shell.release import rules, state_of_the_release_before
from tests.shell.shell import Shell
from workflows import client as calls
from workflows import messages
from workflows.execution import Execution

ROOT = Path(__file__).parents[2]


@asynccontextmanager
async def release(target: str, dsn: str, queue: str, newest: int) -> AsyncIterator[None]:
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.shell.release", target, dsn, queue, str(newest),
        cwd=ROOT, stdin=pipe, stdout=pipe, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        assert await process.stdout.readline() == b"polls\n"
        yield
    finally:
        assert process.stdin is not None
        process.stdin.close()
        await process.wait()


async def begin(shell: Shell, number: int) -> str:
    instance_id = await shell.row()
    row = await shell.instance(instance_id)
    async with shell.stores.sessions() as session:
        graph = await shell.stores.definitions.graph(session, row.graph_hash)
    given = messages.ProcessStart(row.id, row.graph_hash, row.process_id, row.business_key, row.variables)
    await calls.start(shell.client, shell.queue, replace(given, semantics=number), GraphSet({graph.hash: graph}))
    return instance_id


async def given_back(shell: Shell, instance_id: str) -> int:
    history = await shell.handle(instance_id).fetch_history()
    return sum(event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED for event in history.events)


async def number_of(shell: Shell, instance_id: str) -> int:
    state = (await shell.instance(instance_id)).state
    assert state is not None
    return codec.load_state(state).semantics


async def version_of(shell: Shell, instance_id: str) -> int:
    state = (await shell.instance(instance_id)).state
    assert state is not None
    return int(loads(state)["version"])


@pytest.mark.timeout(180)
async def test_an_upgrade_with_workers_of_two_releases(
    bare_shell: Shell, postgres_dsn: str, temporal_env: WorkflowEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell = bare_shell
    target = temporal_env.client.service_client.config.target_host
    where = (target, postgres_dsn, shell.queue)
    async with release(*where, newest=3):
        async with release(*where, newest=2):
            # What both know goes through either, and is stored so that either can read it.
            cases = [await begin(shell, 2) for _ in range(2)]
            await shell.quiet(*cases)
            for case in cases:
                await shell.complete(case, "first")
                assert await given_back(shell, case) == 0
                assert await version_of(shell, case) == 1
            # The number was raised too early: the old worker gives back what it does not know, the new one takes it.
            early = [await begin(shell, 3) for _ in range(1)]
            await shell.quiet(*early)
            for case in early:
                await shell.complete(case, "first")
                assert await shell.open_tasks(case) == ["second"]
                assert await version_of(shell, case) == 2
                assert (await shell.instance(case)).halted is None
        # Now every worker is new, and the open cases move.
        assert await upgrade(shell.stores, shell.client, 3, rate=100) == 2
        await shell.quiet(*cases)
        async with asyncio.timeout(20):
            while [await number_of(shell, case) for case in cases] != [3] * 2:  # noqa: ASYNC110  in other processes
                await asyncio.sleep(0.05)
        async with shell.stores.sessions() as session:
            assert await counts(session) == {3: 3}
        assert await upgrade(shell.stores, shell.client, 3, rate=100) == 0
        for case in (*cases, *early):
            await shell.quiet(case)
            for element in ("second", "third"):
                await shell.complete(case, element)
            assert (await shell.instance(case)).status == "completed"
            assert await version_of(shell, case) == 2
    monkeypatch.setattr(semantics, "RULES", rules(3))
    for case in (*cases, *early):
        async with shell.stores.sessions() as session:
            assert (await rebuild(session, shell.stores.definitions, case)).sound


async def test_a_record_of_a_state_that_the_release_does_not_know_is_left_to_one_that_does(
    bare_shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell = bare_shell
    async with shell.worker():
        case = await begin(shell, 3)
        await shell.quiet(case)
    step = (await shell.instance(case)).last_step + 1
    event = codec.dump_event(await shell.completion(case, "first"))
    entry = contracts.StepEntry(step, event, "2026-03-02T01:00:00+00:00", "")
    given = contracts.RecordInput(case, [entry], step)
    older = Recording(replace(shell.stores, states=StateCache()))
    monkeypatch.setattr(codec, "migrate", state_of_the_release_before)
    with pytest.raises(ApplicationError) as refused:
        await ActivityEnvironment().run(older.record, given)
    assert (refused.value.type, refused.value.non_retryable) == ("unavailable", False)
    row = await shell.instance(case)
    assert (row.last_step, row.halted) == (step - 1, None)


async def test_a_reconcile_of_the_release_before_leaves_a_case_that_it_does_not_know_as_it_is(
    bare_shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell = bare_shell
    async with shell.worker():
        case = await begin(shell, 3)
        await shell.quiet(case)
        before = await shell.instance(case)
        with monkeypatch.context() as older:
            older.setattr(semantics, "RULES", rules(2))
            finding = await Reconciler(shell.stores, shell.client, shell.queue).one(case)
        assert finding is not None
        assert finding.open
        assert "newer release" in finding.found
        after = await shell.instance(case)
        assert (after.halted, after.last_step, after.state) == (None, before.last_step, before.state)
        assert await shell.rows(Incident, case) == []
        assert await Reconciler(shell.stores, shell.client, shell.queue).one(case) is None


async def test_a_case_that_reconcile_begins_has_the_rules_that_new_cases_have(bare_shell: Shell) -> None:
    shell = bare_shell
    async with shell.worker():
        case = await shell.row()
        assert await Reconciler(shell.stores, shell.client, shell.queue).one(case) is not None
        await shell.quiet(case)
        assert await number_of(shell, case) == semantics.BEGUN


def test_a_continued_run_whose_state_the_release_does_not_know_is_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is raised in ``__init__`` and is no failure of Temporal's fails the task, not the execution."""
    state = codec.dump_state(State("k", semantics=3))
    start = messages.ProcessStart("three:k", "hash", "three", "k", semantics=2)
    monkeypatch.setattr(codec, "migrate", state_of_the_release_before)
    with pytest.raises(UnknownVersion):
        Execution(start.renewed(messages.Carried(state, 1, "digest", "[]")), GraphSet({}))
    assert not issubclass(UnknownVersion, FailureError)


def test_a_page_that_meets_a_newer_state_says_that_an_upgrade_is_under_way() -> None:
    with pytest.raises(Unavailable, match="由较新的版本保存"):
        state_of('{"version":99,"kind":"State","business_key":"k"}')
