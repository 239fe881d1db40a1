"""Deadline timers ask before they fire: across restarts, and when a date moves."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from bpmn import codec
from bpmn.events import TimerFired
from bpmn.json_text import loads
from cases.projection.deadlines import current_event
from cases.reconcile import rebuild
from cases.tables.clocks import Deadline, RungClaim
from cases.tables.engine import LoggedStep
from tests.shell.shell import Shell
from workflows import messages

DAY = timedelta(days=1)


async def test_rungs_fire_once_across_restarts_of_the_worker(bare_shell: Shell) -> None:
    case = await bare_shell.begin()
    async with bare_shell.worker():
        await bare_shell.quiet(case)
        await bare_shell.complete(case, "first")
    for number in range(9):
        # Another worker each time, without a cache: each has to replay the execution before it can ask.
        async with bare_shell.worker(cached=0 if number % 2 else 10):
            await bare_shell.forward(case, (3 if number < 5 else 20) * DAY)
    fired = bare_shell.script.of(case, "remind")
    assert set(fired.values()) == {1}
    assert set(fired) == {claim.rung for claim in await bare_shell.rows(RungClaim, case)}
    (clock,) = await bare_shell.rows(Deadline, case)
    assert set(fired) == set(clock.rungs)


async def test_a_deadline_that_moves_earlier_fires_at_its_new_instant(bare_shell: Shell) -> None:
    shell = bare_shell
    async with shell.worker():
        case = await shell.begin()
        await shell.quiet(case)
        await shell.complete(case, "first")
        (clock,) = await shell.rows(Deadline, case)
        assert clock.due_at is not None
        assert clock.due is not None
        old = {rung: datetime.fromisoformat(str(at)) for rung, at in clock.rungs.items()}
        first = min(old, key=lambda rung: old[rung])
        moved = min(old.values()) - timedelta(hours=12)
        async with shell.stores.sessions.begin() as session:
            row = (await session.scalars(select(Deadline).where(Deadline.instance_id == case))).one()
            row.rungs = {**row.rungs, first: moved.isoformat()}
            row.revision += 1
            event = codec.dump_event(current_event(row))
        await shell.handle(case).signal(messages.SIGNAL_DEADLINE, event)
        await shell.quiet(case)
        now = (await shell.rows(LoggedStep, case))[-1].at
        await shell.forward(case, moved - now + timedelta(hours=1))
        assert shell.script.of(case, "remind") == {first: 1}
        fired = [
            step.at
            for step in await shell.rows(LoggedStep, case)
            if isinstance(codec.load_event(step.event), TimerFired)
        ]
        assert len(fired) == 1
        assert moved <= fired[0] < old[first]


LONG_AGO = "2026-03-02T09:00:00+08:00"
"""Of a clock all of whose rungs have passed."""


async def sound(shell: Shell, case: str) -> bool:
    async with shell.stores.sessions() as session:
        return (await rebuild(session, shell.stores.definitions, case)).sound


@pytest.mark.parametrize("each_step", [False, True])
async def test_two_live_clocks_of_one_name_each_fire_their_rungs_once(bare_shell: Shell, each_step: bool) -> None:
    shell = bare_shell
    async with shell.worker():
        case = await shell.row("clocks", delivered_at=LONG_AGO)
        await shell.start(case, each_step=each_step, semantics=3)
        await shell.quiet(case)
        await shell.complete(case, "first")
        (outer,) = await shell.rows(Deadline, case)
        assert shell.script.of(case, "remind") == dict.fromkeys(outer.rungs, 1)
        await shell.complete(case, "second")
        assert shell.script.of(case, "remind") == dict.fromkeys(outer.rungs, 2)
        await shell.complete(case, "third")
        assert shell.script.of(case, "remind") == dict.fromkeys(outer.rungs, 2)
        assert len(await shell.rows(RungClaim, case)) == 2 * len(outer.rungs)
        await shell.complete(case, "fourth")
        assert await sound(shell, case)


async def test_a_running_case_of_state_1_goes_on_by_state_2_with_what_its_clocks_have_fired(bare_shell: Shell) -> None:
    shell = bare_shell
    async with shell.worker():
        case = await shell.row("clocks", delivered_at=LONG_AGO)
        await shell.start(case, semantics=2)
        await shell.quiet(case)
        await shell.complete(case, "first")
        (outer,) = await shell.rows(Deadline, case)
        stored = loads((await shell.instance(case)).state or "")
        assert stored["version"] == 1
        assert [len(wait["timer"]["fired"]) for wait in stored["waits"] if "timer" in wait] == [len(outer.rungs)]
        await shell.handle(case).signal(messages.SIGNAL_CONTINUE_AS_NEW, 3)
        await shell.quiet(case)
        stored = loads((await shell.instance(case)).state or "")
        assert (stored["version"], stored["semantics"]) == (2, 3)
    async with bare_shell.worker(cached=0):
        assert shell.script.of(case, "remind") == dict.fromkeys(outer.rungs, 1)
        await shell.complete(case, "second")
        assert shell.script.of(case, "remind") == dict.fromkeys(outer.rungs, 2)
        for element in ("third", "fourth"):
            await shell.complete(case, element)
        assert (await shell.instance(case)).status == "completed"
        assert await sound(shell, case)
