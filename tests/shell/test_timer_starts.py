"""A timer start event begins a real execution, by the job, the relay and Temporal."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from cases.definitions import deploy
from cases.reconcile import rebuild
from cases.tables.engine import Instance
from jiannuo.reconcile import Reconciler
from jiannuo.relay import Relay
from jiannuo.timer_starter import TimerStarter
from tests.bpmn.bpmn_models import end, flows, process, start, timer, user
from tests.shell.shell import PACK, Shell

HOUR = timedelta(hours=1)


async def deployed(shell: Shell, folder: Path, name: str, inside: str, at: datetime, **attributes: str) -> None:
    body = start("s", inside, **attributes) + user("a") + end() + flows("s>a", "a>e")
    path = folder / f"{name}.bpmn"
    path.write_bytes(process(body, name=name))
    async with shell.stores.sessions.begin() as session:
        await deploy(session, PACK, [path], at)


async def of(shell: Shell, name: str) -> list[str]:
    async with shell.stores.sessions() as session:
        rows = select(Instance.id).where(Instance.process_id == name).order_by(Instance.created_at)
        return list(await session.scalars(rows))


async def settled(shell: Shell, now: datetime) -> None:
    """Two workers' jobs side by side, as in production."""
    await asyncio.gather(TimerStarter(shell.stores).once(now), TimerStarter(shell.stores).once(now))
    relays = [Relay(shell.stores, shell.client, shell.queue) for _ in range(2)]
    while any(await asyncio.gather(*(relay.once() for relay in relays))):
        pass


async def sound(shell: Shell, case: str) -> None:
    async with shell.stores.sessions() as session:
        rebuilt = await rebuild(session, shell.stores.definitions, case)
    assert rebuilt.sound, (rebuilt.broken_at, rebuilt.differences)


async def test_an_execution_runs_for_every_instant_of_the_cycle(shell: Shell, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    await deployed(shell, tmp_path, "daily", timer("R2/PT1H", "timeCycle"), now)
    for hours in (1, 2, 3):
        await settled(shell, now + hours * HOUR)
    first, second = await of(shell, "daily")
    await shell.quiet(first, second)
    assert await shell.open_tasks(first) == ["a"]
    await shell.complete(first, "a")
    assert (await shell.instance(first)).status == "completed"
    assert await shell.open_tasks(second) == ["a"]
    for case in (first, second):
        await sound(shell, case)


async def test_where_all_timers_must_come_the_execution_times_the_others(shell: Shell, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    both = timer("PT1H") + timer("PT2H")
    await deployed(shell, tmp_path, "both", both, now - HOUR, parallelMultiple="true")
    await settled(shell, now)
    (case,) = await of(shell, "both")
    await shell.quiet(case)
    assert await shell.open_tasks(case) == []
    await shell.forward(case, 2 * HOUR)
    assert await shell.open_tasks(case) == ["a"]
    await sound(shell, case)


async def test_an_execution_that_was_lost_is_begun_anew_at_its_start_event(shell: Shell, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    await deployed(shell, tmp_path, "lost", timer("PT1H"), now - HOUR)
    await settled(shell, now)
    (case,) = await of(shell, "lost")
    await shell.quiet(case)
    await shell.handle(case).terminate("lost")
    assert await Reconciler(shell.stores, shell.client, shell.queue).one(case) is not None
    await shell.quiet(case)
    await shell.complete(case, "a")
    assert (await shell.instance(case)).status == "completed"
    assert await of(shell, "lost") == [case]
