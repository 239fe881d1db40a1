"""Workers killed with SIGKILL in the middle of a run of cases: nothing is lost, and nothing is done twice."""

import asyncio
import base64
import os
import random
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select
from temporalio.client import WorkflowExecutionStatus

from cases.intake import instance_id_of
from cases.reconcile import rebuild
from cases.tables.engine import Instance, LoggedStep
from cases.tables.ledger import Outbox
from cases.tables.letters import Letter
from cases.tables.worklist import Submission, Task
from jiannuo.compose import connect_temporal, stores_for
from jiannuo.deploy import deploy_pack
from jiannuo.relay import Relay
from jiannuo.settings import Settings
from tests.shell import filing
from tests.shell.machine import TEMPORAL, Machine, machine

SEED = 20260918
CASES = 6
JIANNUO = Path(sys.executable).with_name("jiannuo")
KEY = base64.b64encode(b"k" * 32).decode()


def settings_of(servers: Machine) -> dict[str, str]:
    assert servers.postgres is not None
    assert servers.temporal is not None
    return {
        "JIANNUO_DATA_DIR": str(servers.folder),
        "JIANNUO_POSTGRES_DSN": servers.postgres.dsn,
        "JIANNUO_TEMPORAL_ADDRESS": servers.temporal.target_host,
        "JIANNUO_PAYLOAD_KEYS": KEY,
        "JIANNUO_VAULT_KEY": KEY,
        "JIANNUO_LOG_LEVEL": "warning",
    }


def start_worker(environment: dict[str, str], log: Path) -> "subprocess.Popen[bytes]":
    given = {name: value for name, value in os.environ.items() if not name.startswith("JIANNUO_")}
    with log.open("ab") as sink:
        return subprocess.Popen([str(JIANNUO), "worker"], env=given | environment, stdout=sink, stderr=sink)


@pytest.mark.timeout(240)
async def test_workers_killed_at_any_moment_lose_and_double_nothing(server_folder: Path) -> None:
    moments = random.Random(SEED)
    async with machine(server_folder / "kill") as servers:
        environment = settings_of(servers)
        settings = Settings(**{name.removeprefix("JIANNUO_").lower(): value for name, value in environment.items()})  # type: ignore[arg-type]
        log = servers.folder / "worker.log"
        worker = start_worker(environment, log)
        try:
            async with stores_for(settings) as stores:
                await deploy_pack(stores, filing.PACK, datetime.now(UTC))
                await filing.people(stores)
                receipts = [await filing.file(stores, number) for number in range(CASES)]
                assert len({receipt.case_no for receipt in receipts}) == CASES
                kills, finished = 0, False
                async with asyncio.timeout(180):
                    while not finished:
                        # Each life of a worker is long enough to have started its work, and ends in the middle of it.
                        life = moments.uniform(2.5, 6.0) if kills < 6 else 120.0
                        finished = await drive(stores, receipts, life, worker)
                        if not finished:
                            worker.kill()
                            worker.wait()
                            kills += 1
                            worker = start_worker(environment, log)
                assert kills == 6
                await check(stores, settings, [instance_id_of(r.complaint_id) for r in receipts])
        finally:
            worker.kill()
            worker.wait()


async def drive(stores, receipts, life: float, worker) -> bool:  # type: ignore[no-untyped-def]
    """Acts on every case as its tasks appear; True when all have come to verification before this life is over."""
    ends = asyncio.get_running_loop().time() + life
    while asyncio.get_running_loop().time() < ends:
        assert worker.poll() is None, "the worker ended by itself"
        for receipt in receipts:
            await filing.next_act(stores, receipt.complaint_id)
        async with stores.sessions() as session:
            rest = await session.scalar(
                select(func.count()).select_from(Task).where(Task.status == "open", Task.acts.contains(["verify"]))
            )
            pending = await session.scalar(
                select(func.count()).select_from(Submission).where(Submission.status == "pending")
            )
        if rest == len(receipts) and pending == 0 and life > 100.0:
            return True
        await asyncio.sleep(0.2)
    return False


async def check(stores, settings: Settings, cases: list[str]) -> None:  # type: ignore[no-untyped-def]
    client = await connect_temporal(settings, stores)
    for case in cases:
        assert (await client.get_workflow_handle(case).describe()).status == WorkflowExecutionStatus.RUNNING
        async with stores.sessions() as session:
            rebuilt = await rebuild(session, stores.definitions, case)
            assert rebuilt.sound, (rebuilt.broken_at, rebuilt.differences)
            row = await session.get_one(Instance, case)
            steps = (await session.scalars(select(LoggedStep).where(LoggedStep.instance_id == case))).all()
            letters = (await session.scalars(select(Letter).where(Letter.instance_id == case))).all()
            acts = (await session.scalars(select(Submission).where(Submission.instance_id == case))).all()
        assert (row.status, row.halted) == ("active", None)
        assert sorted(step.number for step in steps) == list(range(1, row.last_step + 1))
        # A second submission may slip in while the first is recorded: refused with a sentence, never applied.
        assert {(act.status, bool(act.refusal)) for act in acts} <= {("done", False), ("refused", True)}
        told = Counter(step.submission_id for step in steps if step.submission_id)
        assert told == Counter(act.id for act in acts if act.status == "done")
        kinds = Counter((letter.kind, letter.addressee) for letter in letters)
        assert kinds, "letters were written"
        assert set(kinds.values()) == {1}
        assert all(letter.number for letter in letters)
    async with stores.sessions() as session:
        numbers = (await session.scalars(select(Letter.number))).all()
    assert len(numbers) == len(set(numbers))


async def test_a_complaint_filed_while_temporal_is_down_is_numbered_and_starts_when_it_returns(
    server_folder: Path,
) -> None:
    async with machine(server_folder / "down") as servers:
        environment = settings_of(servers)
        settings = Settings(**{name.removeprefix("JIANNUO_").lower(): value for name, value in environment.items()})  # type: ignore[arg-type]
        async with stores_for(settings) as stores:
            await deploy_pack(stores, filing.PACK, datetime.now(UTC))
            await filing.people(stores)
            client = await connect_temporal(settings, stores)
            relay, stop = Relay(stores, client, settings.temporal_task_queue), asyncio.Event()
            await servers.stop(TEMPORAL)
            receipt = await filing.file(stores, 1)
            assert receipt.case_no
            assert (await filing.file(stores, 1)).case_no == receipt.case_no
            relaying = asyncio.create_task(relay.run(stop))
            await asyncio.sleep(0.5)
            assert not relaying.done()
            await servers.start(TEMPORAL)
            handle = client.get_workflow_handle(instance_id_of(receipt.complaint_id))
            async with asyncio.timeout(60):
                async with stores.sessions() as session:
                    while await session.scalar(
                        select(func.count()).select_from(Outbox).where(Outbox.done_at.is_(None))
                    ):
                        await session.rollback()
                        await asyncio.sleep(0.1)
            stop.set()
            await relaying
            assert (await handle.describe()).status == WorkflowExecutionStatus.RUNNING
