"""Restoring PostgreSQL and Temporal from copies of different minutes, and reconciling them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from cases.reconcile import rebuild
from cases.tables.engine import Instance
from jiannuo.reconcile import Finding, Reconciler
from tests.shell.machine import Machine, machine
from tests.shell.shell import Shell

QUEUE = "restore"


@pytest_asyncio.fixture(scope="module")
async def lived(server_folder: Path) -> AsyncIterator[tuple[Machine, dict[str, str]]]:
    """Two backups, t1 and t2, and what happened after each of them. t3 is the newest state of both."""
    async with machine(server_folder / "restore") as servers:
        cases: dict[str, str] = {}
        async with servers.shell(QUEUE) as shell, shell.worker():
            for name in ("waiting", "going", "renewed", "over"):
                cases[name] = await shell.begin()
            await shell.quiet(*cases.values())
        await servers.back_up("t1")
        async with servers.shell(QUEUE) as shell, shell.worker():
            for name in ("going", "renewed", "over"):
                await shell.complete(cases[name], "first")
            await shell.handle(cases["renewed"]).signal("continue_as_new")
            await shell.quiet(cases["renewed"])
        await servers.back_up("t2")
        async with servers.shell(QUEUE) as shell, shell.worker():
            for name in ("going", "renewed", "over"):
                await shell.complete(cases[name], "second")
            await shell.complete(cases["over"], "third")
            cases["late"] = await shell.begin()
            await shell.quiet(cases["late"])
        await servers.back_up("t3")
        yield servers, cases


async def reconciled(shell: Shell, *, dry_run: bool = False) -> dict[str, Finding]:
    reconciler = Reconciler(shell.stores, shell.client, QUEUE, dry_run=dry_run)
    return {finding.instance_id: finding async for finding in reconciler.all()}


async def agree(shell: Shell, case: str) -> None:
    """Temporal and PostgreSQL say the same, and the rows say what the log says."""
    await shell.quiet(case)
    async with shell.stores.sessions() as session:
        rebuilt = await rebuild(session, shell.stores.definitions, case)
        row = await session.get_one(Instance, case)
    assert rebuilt.sound, (rebuilt.broken_at, rebuilt.differences)
    if row.status == "active":
        position = await shell.position(case)
        assert (position.halted, position.tail[0]) == (None, row.digest)


@pytest.mark.parametrize(
    ("postgres", "temporal", "tasks"),
    [
        ("t3", "t1", {"waiting": ["first"], "going": ["third"], "renewed": ["third"], "over": [], "late": ["first"]}),
        ("t3", "t2", {"waiting": ["first"], "going": ["third"], "renewed": ["third"], "over": [], "late": ["first"]}),
        ("t1", "t3", {"waiting": ["first"], "going": ["third"], "renewed": ["third"], "over": []}),
        ("t2", "t3", {"waiting": ["first"], "going": ["third"], "renewed": ["third"], "over": []}),
        ("t1", "t2", {"waiting": ["first"], "going": ["second"], "renewed": ["second"], "over": ["second"]}),
        ("t2", "t1", {"waiting": ["first"], "going": ["second"], "renewed": ["second"], "over": ["second"]}),
    ],
)
async def test_stores_of_different_minutes_agree_again_and_go_on(
    lived: tuple[Machine, dict[str, str]], postgres: str, temporal: str, tasks: dict[str, list[str]]
) -> None:
    servers, cases = lived
    await servers.restore(postgres=postgres, temporal=temporal)
    async with servers.shell(QUEUE) as shell, shell.worker():
        told = await reconciled(shell, dry_run=True)
        assert (await reconciled(shell)).keys() == told.keys()
        for name, expected in tasks.items():
            await agree(shell, cases[name])
            assert await shell.open_tasks(cases[name]) == expected, name
        left = await reconciled(shell)
        lost = {cases["late"]} if (postgres, temporal) in (("t1", "t3"), ("t2", "t3")) else set()
        assert {id_ for id_, finding in left.items() if finding.open} == left.keys() == lost
        for element in ("second", "third"):
            if element in await shell.open_tasks(cases["going"]):
                await shell.complete(cases["going"], element)
        assert (await shell.instance(cases["going"])).status == "completed"
        await agree(shell, cases["going"])
