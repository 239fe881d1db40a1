"""Deadline timers ask before they fire: across restarts, and when a date moves."""

from datetime import datetime, timedelta

from sqlalchemy import select

from bpmn import codec
from bpmn.events import TimerFired
from cases.projection.deadlines import current_event
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
