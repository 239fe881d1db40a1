"""Real executions whose clocks a published table moves: at which instant does Temporal fire? Time is skipped.

    python -m benchmarks.calendar_timers [NUMBER]

NUMBER executions of the model of tests/calendar, half to come earlier, half later. The worker is killed before the
executions hear of the table, and again between the two leaps in time; each time another process takes over. Counted is
what the executions' own timers did: the instant of each claim, and the reminders in their histories.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

from sqlalchemy import select
from temporalio.api.enums.v1 import EventType
from temporalio.testing import WorkflowEnvironment

from activities.record import Recording
from benchmarks.calendar_change import starting, tables
from cases.deadlines.zone import SHANGHAI
from cases.tables.clocks import Deadline, RungClaim
from jiannuo.calendar_job import CalendarJob
from jiannuo.embedded.binaries import temporal_binary
from jiannuo.embedded.postgres import start_postgres
from jiannuo.embedded.temporal_namespace import NAMESPACE, prepare_namespace
from jiannuo.migrate import upgrade
from jiannuo.rehearsal.axis import Axis
from jiannuo.rehearsal.theatre import SKIPPING
from jiannuo.worker import worker_for
from tests.calendar.calendar_world import World
from tests.shell.shell import shell_on
from workflows.process import Process

T = TypeVar("T")
Child = subprocess.Popen[bytes]
QUEUE = "calendar-timers"
AT_ONCE = 50
LOOK_S = 1.0
LEAPS = (datetime(2027, 1, 5, 0, 5, tzinfo=SHANGHAI), datetime(2027, 1, 12, 0, 5, tzinfo=SHANGHAI))
# Skipped time stops at the instant and runs on at its own pace while the worker works.
SOON = timedelta(minutes=5)


@asynccontextmanager
async def skipping() -> AsyncIterator[tuple[str, WorkflowEnvironment]]:
    folder = Path(tempfile.mkdtemp(prefix="jiannuo-bench-"))
    folder.chmod(0o755)  # PostgreSQL may run as another user than root
    try:
        postgres = await start_postgres(folder / "postgres", durable=False)
        try:
            await asyncio.to_thread(upgrade, postgres.dsn)
            environment = await WorkflowEnvironment.start_time_skipping_v2(
                namespace=NAMESPACE, dev_server_existing_path=str(temporal_binary()),
                dev_server_extra_args=list(SKIPPING), dev_server_log_level="error",
            )  # fmt: skip
            try:
                await prepare_namespace(environment.client)
                yield postgres.dsn, environment
            finally:
                await environment.shutdown()
        finally:
            await postgres.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def work(dsn: str, target: str) -> None:
    """The worker's process, with the product's own settings and the scripted job of tests/calendar."""
    async with shell_on(dsn, target, QUEUE) as shell:
        recording = Recording(shell.stores)
        activities = [recording.record, recording.confirm_deadline, shell.script.run_remind]
        async with worker_for(shell.client, QUEUE, (Process,), activities):
            print("ready", flush=True)
            await asyncio.to_thread(sys.stdin.read)


async def worker(dsn: str, target: str) -> Child:
    child = subprocess.Popen(  # noqa: ASYNC220  it only forks; asyncio's own children once waited for ever when killed
        [sys.executable, "-m", "benchmarks.calendar_timers", "--worker", target],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write(f"{dsn}\n".encode())
    child.stdin.flush()
    assert await asyncio.to_thread(child.stdout.readline) == b"ready\n"
    return child


async def while_it_lives(child: Child, work: Awaitable[T]) -> T:
    """A worker that ends by itself would leave everybody waiting without a word."""
    doing = asyncio.ensure_future(work)
    while not doing.done():
        await asyncio.wait((doing,), timeout=LOOK_S)
        if child.poll() is not None:
            doing.cancel()
            raise RuntimeError(f"The worker has ended with status {child.returncode}.")
    return await doing


async def killed(child: Child) -> None:
    child.kill()
    await asyncio.to_thread(child.wait)


async def each(calls: Iterable[Callable[[], Awaitable[T]]]) -> list[T]:
    turn = asyncio.Semaphore(AT_ONCE)

    async def taken(call: Callable[[], Awaitable[T]]) -> T:
        async with turn:
            return await call()

    return await asyncio.gather(*(taken(call) for call in calls))


async def measure(number: int) -> None:
    async with skipping() as (dsn, environment):
        target = environment.client.service_client.config.target_host
        async with shell_on(dsn, target, QUEUE, environment) as shell:
            world = World(shell, CalendarJob(shell.stores, shell.client), Axis(environment, shell.client))
            await world.settle()
            process = await worker(dsn, target)
            try:
                began = time.perf_counter()
                ids = await each(lambda begun=begun: world.begin(begun=begun) for begun in map(starting, range(number)))
                print(f"{number} executions begun in {time.perf_counter() - began:.0f} s", flush=True)
                before = await rungs(world)
                await world.publish(tables())
                await killed(process)
                await world.apply()
                process = await worker(dsn, target)
                after = await rungs(world)
                for leap in LEAPS:
                    began = time.perf_counter()
                    skips = each(lambda id_=id_, leap=leap: world.axis.advance(id_, leap) for id_ in ids)
                    await while_it_lives(process, skips)
                    print(f"all skipped to {leap:%m-%d %H:%M} in {time.perf_counter() - began:.0f} s", flush=True)
                    await killed(process)
                    process = await worker(dsn, target)
                await count(world, before, after, ids)
            finally:
                await killed(process)


async def rungs(world: World) -> dict[str, dict[str, datetime]]:
    async with world.shell.stores.sessions() as session:
        rows = await session.execute(select(Deadline.instance_id, Deadline.rungs))
        return {id_: {name: datetime.fromisoformat(at) for name, at in found.items()} for id_, found in rows}


async def count(
    world: World, before: dict[str, dict[str, datetime]], after: dict[str, dict[str, datetime]], ids: list[str]
) -> None:
    async with world.shell.stores.sessions() as session:
        claims = (await session.execute(select(RungClaim.instance_id, RungClaim.rung, RungClaim.at))).all()
    verdicts: Counter[str] = Counter()
    instants: Counter[str] = Counter()
    for id_, rung, at in claims:
        new, old = after[id_][rung], before[id_].get(rung)
        way = "unmoved" if new == old else "earlier" if old is None or new < old else "later"
        verdicts[f"{way}, {'at the new instant' if timedelta(0) <= at - new < SOON else 'at ANOTHER instant'}"] += 1
        instants[f"{rung} {at.astimezone(SHANGHAI):%m-%d %H:%M}"] += 1
    wanted = {(id_, rung) for id_ in ids for rung, at in after[id_].items() if at <= LEAPS[-1]}
    fired = {(id_, rung) for id_, rung, _ in claims}
    reminders = await each(lambda id_=id_: reminded(world, id_) for id_ in ids)
    lost, early = len(wanted - fired), len(fired - wanted)
    print(f"rungs due by then {len(wanted)}, fired {len(fired)}, lost {lost}, early {early}")
    print(f"    {dict(sorted(verdicts.items()))}")
    print(f"    {dict(sorted(instants.items()))}")
    print(f"    jobs of a rung in the histories: {sum(reminders)}, executions {len(ids)}")


async def reminded(world: World, instance_id: str) -> int:
    history = await world.shell.client.get_workflow_handle(instance_id).fetch_history()
    return sum(
        event.activity_task_scheduled_event_attributes.activity_type.name == "test.remind"
        for event in history.events
        if event.event_type == EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("number", nargs="?", type=int, default=100)
    parser.add_argument("--worker", metavar="TARGET", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.worker:
        asyncio.run(work(sys.stdin.readline().strip(), given.worker))
    else:
        asyncio.run(measure(given.number))


if __name__ == "__main__":
    main()
