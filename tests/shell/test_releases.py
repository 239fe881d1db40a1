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
from temporalio.testing import WorkflowEnvironment

from bpmn import codec, semantics
from bpmn.graphset import GraphSet
from cases.reconcile import rebuild
from jiannuo.upgrade import counts, upgrade
from tests.shell.release import rules
from tests.shell.shell import Shell
from workflows import client as calls
from workflows import messages

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


@pytest.mark.timeout(180)
async def test_an_upgrade_with_workers_of_two_releases(
    bare_shell: Shell, postgres_dsn: str, temporal_env: WorkflowEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell = bare_shell
    target = temporal_env.client.service_client.config.target_host
    where = (target, postgres_dsn, shell.queue)
    async with release(*where, newest=2):
        async with release(*where, newest=1):
            # What both know goes through either.
            cases = [await begin(shell, 1) for _ in range(2)]
            await shell.quiet(*cases)
            for case in cases:
                await shell.complete(case, "first")
                assert await given_back(shell, case) == 0
            # The number was raised too early: the old worker gives back what it does not know, the new one takes it.
            early = [await begin(shell, 2) for _ in range(1)]
            await shell.quiet(*early)
            for case in early:
                await shell.complete(case, "first")
                assert await shell.open_tasks(case) == ["second"]
        # Now every worker is new, and the open cases move.
        assert await upgrade(shell.stores, shell.client, 2, rate=100) == 2
        await shell.quiet(*cases)
        async with asyncio.timeout(20):
            while [await number_of(shell, case) for case in cases] != [2] * 2:  # noqa: ASYNC110  in other processes
                await asyncio.sleep(0.05)
        async with shell.stores.sessions() as session:
            assert await counts(session) == {2: 3}
        assert await upgrade(shell.stores, shell.client, 2, rate=100) == 0
        for case in (*cases, *early):
            await shell.quiet(case)
            for element in ("second", "third"):
                await shell.complete(case, element)
            assert (await shell.instance(case)).status == "completed"
    monkeypatch.setattr(semantics, "RULES", rules(2))
    for case in (*cases, *early):
        async with shell.stores.sessions() as session:
            assert (await rebuild(session, shell.stores.definitions, case)).sound
