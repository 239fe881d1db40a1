"""Servers that go away in the middle: nothing is half-written, nothing is lost, and it goes on when they return."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import func, select, update
from sqlalchemy.exc import OperationalError

from activities.contracts import RecordInput, StepEntry
from activities.record import Recording
from bpmn import codec
from bpmn.events import DeadlineSet
from cases.reconcile import rebuild
from cases.tables.clocks import Deadline
from cases.tables.engine import Incident, Instance, LoggedStep
from jiannuo.reconcile import INCIDENT_KEY, Reconciler
from tests.shell.machine import POSTGRES, Machine, machine
from tests.shell.shell import Shell
from workflows import client as calls
from workflows import messages
from workflows.client import Accepted
from workflows.steplog import BUSY_WAITERS

QUEUE = "outages"


@pytest_asyncio.fixture(scope="module")
async def servers(server_folder: Path) -> AsyncIterator[Machine]:
    async with machine(server_folder / "outages") as found:
        yield found


async def test_while_postgresql_is_down_acts_are_answered_busy_and_later_recorded_once(servers: Machine) -> None:
    async with servers.shell(QUEUE) as shell, shell.worker():
        case = await shell.begin()
        await shell.quiet(case)
        note = await shell.note(case, "n")
        await servers.kill_postgres()
        with pytest.raises(OperationalError):
            await shell.row()
        sent = [messages.Submit(f"down-{n}", codec.dump_event(note), "tester") for n in range(BUSY_WAITERS + 1)]
        patience = timedelta(seconds=2)
        waiting = await asyncio.gather(*(calls.submit(shell.client, case, s, patience) for s in sent[:-1]))
        assert set(waiting) == {Accepted(None)}
        # The validator refuses this one at once: it is not in the execution, and will be told again.
        assert await calls.submit(shell.client, case, sent[-1], patience) == Accepted(None)
        assert (await shell.position(case)).recorded < (await shell.position(case)).last_step
        await servers.start(POSTGRES)
        await shell.quiet(case)
        for submit in sent:
            assert isinstance(await calls.submit(shell.client, case, submit), Accepted)
        await shell.quiet(case)
        told = [step.submission_id for step in await shell.rows(LoggedStep, case) if step.submission_id]
        assert sorted(told) == [submit.submission_id for submit in sent]
        async with shell.stores.sessions() as session:
            assert await session.scalar(select(func.count()).select_from(Instance)) == 1
            assert (await rebuild(session, shell.stores.definitions, case)).sound


async def test_a_record_whose_answer_was_lost_is_done_again_without_effect(shell: Shell) -> None:
    case = await shell.begin()
    await shell.quiet(case)
    await shell.complete(case, "first")
    entries = [
        StepEntry(row.number, row.event, row.at.isoformat(), row.digest) for row in await shell.rows(LoggedStep, case)
    ]
    assert isinstance(codec.load_event(entries[-1].event), DeadlineSet), "the log's own answer to the step before it"
    before = (await shell.story(case), await shell.clocks(case))
    result = await Recording(shell.stores).record(RecordInput(case, entries[:-1], entries[-2].number))
    assert (result.last_step, result.digest) == (entries[-1].number, entries[-1].digest)
    assert result.events == (entries[-1].event,)
    assert (await shell.story(case), await shell.clocks(case)) == before


async def test_stores_that_disagree_halt_the_case_visibly_and_reconcile_lets_it_go_on(shell: Shell) -> None:
    case = await shell.begin()
    await shell.quiet(case)
    right = (await shell.instance(case)).digest
    await _set_digest(shell, case, "of another story")
    event = await shell.completion(case, "first")
    halted = messages.Submit("after-the-fault", codec.dump_event(event), "tester")
    assert await calls.submit(shell.client, case, halted, timedelta(seconds=2)) == Accepted(None)
    assert (await shell.position(case)).halted == "StoresDisagree"
    assert (await shell.instance(case)).halted == "StoresDisagree"
    assert await shell.send(case, await shell.note(case, "n")) == Accepted(None)

    reconciler = Reconciler(shell.stores, shell.client, shell.queue)
    finding = await reconciler.one(case)
    assert finding is not None
    assert finding.open
    (incident,) = await shell.rows(Incident, case)
    assert (incident.key, incident.rule, incident.resolved_at) == (INCIDENT_KEY, "reconcile", None)

    await _set_digest(shell, case, right)
    finding = await reconciler.one(case)
    assert finding is not None
    assert finding.done == "resumed it"
    assert isinstance(await calls.submit(shell.client, case, halted), Accepted)
    await shell.quiet(case)
    assert await shell.open_tasks(case) == ["second"]
    assert (await shell.instance(case)).halted is None
    assert (await shell.rows(Incident, case))[0].resolved_at is not None
    assert await reconciler.one(case) is None


async def test_rows_that_were_changed_by_hand_are_found(shell: Shell) -> None:
    case = await shell.begin()
    await shell.quiet(case)
    await shell.complete(case, "first")
    async with shell.stores.sessions.begin() as session:
        await session.execute(update(Deadline).where(Deadline.instance_id == case).values(status="met"))
    async with shell.stores.sessions() as session:
        rebuilt = await rebuild(session, shell.stores.definitions, case)
    (difference,) = rebuilt.differences
    assert (difference.table, difference.logged, difference.found) == ("deadline", "running", "met")


async def _set_digest(shell: Shell, case: str, digest: str) -> None:
    async with shell.stores.sessions.begin() as session:
        await session.execute(update(Instance).where(Instance.id == case).values(digest=digest))


async def test_while_postgresql_stands_still_acts_are_answered_and_nothing_is_lost(servers: Machine) -> None:
    """Stopped, not killed: connections stay open and nothing answers, which no error tells."""
    async with servers.shell(QUEUE) as shell, shell.worker():
        case = await shell.begin()
        await shell.quiet(case)
        note = codec.dump_event(await shell.note(case, "n"))
        sent = [messages.Submit(f"stopped-{n}", note, "tester") for n in range(3)]
        patience = timedelta(seconds=2)
        with servers.frozen_postgres():
            waiting = await asyncio.gather(*(calls.submit(shell.client, case, one, patience) for one in sent))
            assert set(waiting) == {Accepted(None)}
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(1):
                    await shell.row()
            assert (await shell.position(case)).recorded < (await shell.position(case)).last_step
        for one in sent:
            outcome = await calls.submit(shell.client, case, one)
            assert isinstance(outcome, Accepted)
            assert outcome.step is not None
        await shell.quiet(case)
        steps = [step.submission_id for step in await shell.rows(LoggedStep, case) if step.submission_id]
        assert sorted(steps) == [one.submission_id for one in sent]
        async with shell.stores.sessions() as session:
            assert (await rebuild(session, shell.stores.definitions, case)).sound
