"""Open deadlines moved by a published table: seconds per 1,000, executions messaged, events each.

    python -m benchmarks.calendar_change [NUMBER] [--kill SECONDS]

NUMBER deadlines (2,000; 100,000 for the full measurement) are rows as the record step leaves them; half come earlier,
half later. They have no executions: telling one costs a signal that the server answers with "not found". With --kill
the deadlines are moved by a process that is killed every so many seconds, and another takes over. That Temporal
fires at the new instants counts benchmarks/calendar_timers.py.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Text, cast, func, insert, select
from temporalio.client import Client

from benchmarks.servers import KEY, servers
from cases.calendar_changes.publish import publish, withdraw
from cases.calendar_changes.table import Table
from cases.calendars import calendar_for
from cases.deadlines.calendar import DayKind, DayRow
from cases.deadlines.zone import SHANGHAI
from cases.policy.loader import load
from cases.projection.deadlines import computation, instants
from cases.tables.calendar_changes import CalendarChange, CalendarJob
from cases.tables.clocks import Deadline, DeadlineChange
from cases.tables.complaints import Complaint, Party
from cases.tables.engine import DefinitionFile, Instance
from cases.tables.ledger import Outbox
from cases.tables.letters import Notice
from cases.tables.organisations import Organisation, Region
from cases.vault import Identity
from jiannuo.calendar_job import CalendarJob as Job
from jiannuo.compose import engine_for, make_stores
from jiannuo.embedded.temporal_namespace import NAMESPACE
from jiannuo.payloads import data_converter

PACK, CHANNEL, REGION, UNIT = "nmg-2023", "CREDIT_NM", "150724", "UNIT"
AT_ONCE = 1_000
_MOVES = select(func.count(DeadlineChange.revision)).group_by(DeadlineChange.instance_id)


def starting(number: int) -> datetime:
    """Half from 28 December (its fifth day comes earlier), half from 31 December (later)."""
    return datetime(2026, 12, 28 if number % 2 else 31, 10, tzinfo=SHANGHAI)


def tables() -> Table:
    # The statutory days stay as they are: the late rungs of a ladder reach beyond the Spring Festival.
    statutory = ("2027-01-01", *(f"2027-02-{day:02}" for day in range(5, 11)), "2027-04-05")
    days = [(day, "holiday") for day in (*statutory, "2027-01-06", "2027-01-07")] + [("2027-01-02", "workday")]
    rows = tuple(DayRow(datetime.fromisoformat(day).date(), DayKind(kind), "元旦") for day, kind in days)
    return Table("national", "benchmark-2027", "基准测试", (2027,), rows)


async def fill(stores: Any, number: int) -> None:
    pack = load(PACK)
    rule = pack.rule("verification", CHANNEL)
    assert rule is not None
    async with stores.sessions.begin() as session:
        session.add(Region(code=REGION, name=REGION, level="BANNER"))
        session.add(DefinitionFile(hash="none", kind="bpmn", name="none", source=b"", deployed_at=starting(0)))
        await session.flush()
        session.add(Organisation(uscc=UNIT, name=UNIT, org_type="机关", region_code=REGION, functions=[]))
        calendar = await calendar_for(session, pack)
    blank: dict[str, Any] = {
        "starts": {}, "pauses": [], "extensions": [], "status": "running", "revision": 1, "set_step": 1,
    }  # fmt: skip
    for first in range(0, number, AT_ONCE):
        rows: dict[type, list[dict[str, Any]]] = {Complaint: [], Party: [], Instance: [], Deadline: []}
        for each in range(first, min(first + AT_ONCE, number)):
            key, begun = f"b{each:07d}", starting(each)
            row = Deadline(start_at=begun, **blank)
            counted = computation(row, rule, calendar, None)
            rows[Complaint].append({
                "id": key, "case_no": key, "pack": PACK, "channel": CHANNEL, "received_at": begun, "recorded_at": begun,
                "complainant_digest": key, "complainant_alias": key, "enterprise_type": "x", "is_sme": True,
                "respondent_uscc": UNIT, "domain": "PROC", "title": "t", "statement": "s", "request": "r",
                "region_code": REGION,
            })  # fmt: skip
            sealed = stores.vault.seal(key, Identity(name=key, uscc=key, contact_email="firm@example.org"))
            rows[Party].append({"complaint_id": key, "sealed": sealed})
            rows[Instance].append({
                "id": f"complaint:{key}", "process_id": "complaint", "graph_hash": "none", "pack": PACK,
                "business_key": key, "channel": CHANNEL, "variables": "{}", "created_at": begun,
            })  # fmt: skip
            rows[Deadline].append({
                **blank, "instance_id": f"complaint:{key}", "key": 1, "name": "verification", "element_id": "limited",
                "start_at": begun, "due": counted.due, "due_at": counted.due_at, "unrolled": counted.unrolled,
                "provisional": counted.provisional, "rungs": instants(counted), "horizon": counted.horizon,
                "calendar_version": counted.calendar_version, "derivation": [],
            })  # fmt: skip
        async with stores.sessions.begin() as session:
            for kind, values in rows.items():
                await session.execute(insert(kind), values)


async def measure(number: int, kill_s: float) -> None:
    async with servers() as ours:
        engine = engine_for(ours.dsn)
        stores = make_stores(engine, KEY)
        client = await Client.connect(ours.target, namespace=NAMESPACE, data_converter=data_converter((KEY,), None))
        began = time.perf_counter()
        await fill(stores, number)
        print(f"{number} deadlines written in {time.perf_counter() - began:.1f} s", flush=True)
        job = Job(stores, client)
        now = datetime.now(UTC)
        for act in ("publish", "withdraw"):
            began = time.perf_counter()
            async with stores.sessions.begin() as session:
                if act == "publish":
                    change = await publish(session, tables(), "benchmark", now)
                else:
                    change = await withdraw(session, "benchmark-2027", "benchmark", "benchmark", now)
            listed = time.perf_counter() - began
            began, used = time.perf_counter(), time.process_time()
            kills = await killed_often(ours.dsn, kill_s) if kill_s else 0
            while (await job.drain(now)).seen:
                continue
            drained, cpu = time.perf_counter() - began, time.process_time() - used
            began = time.perf_counter()
            told = 0
            while heard := await job.tell(now):
                told += heard
            signalled = time.perf_counter() - began
            while await job.once(now):
                continue
            thousands = number / 1_000
            print(f"{act}: listed in {listed:.2f} s; drained in {drained:.1f} s, {drained / thousands:.2f} s per 1,000")
            print(f"    {kills} processes killed; CPU of this one {cpu / thousands:.2f} s per 1,000")
            each = f"{signalled / told * 1_000:.1f} ms each" if told else "none"
            print(f"    executions messaged: {told} of {number}, one event each ({each})", flush=True)
            await report(stores, change, number)
        await engine.dispose()


async def killed_often(dsn: str, kill_s: float) -> int:
    """Drains in processes of which each is killed after so long, in the midst of a transaction; how many were."""
    kills = 0
    while True:
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "benchmarks.calendar_drainer",
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(f"{dsn}\n".encode())
        await child.stdin.drain()
        await child.stdout.readline()
        try:
            await asyncio.wait_for(child.wait(), kill_s)
        except TimeoutError:
            child.kill()
            await child.wait()
            kills += 1
        else:
            return kills


async def report(stores: Any, change: int, number: int) -> None:
    async with stores.sessions() as session:
        states = Counter(await session.scalars(select(CalendarJob.state).where(CalendarJob.change_id == change)))
        notices = await session.scalar(select(func.count()).select_from(Notice))
        promised = await session.scalar(select(func.count()).select_from(Outbox))
        messaged = await session.scalar(select(func.count()).where(CalendarJob.messaged))
        state = await session.scalar(select(CalendarChange.state).where(CalendarChange.id == change))
        moves = Counter((await session.scalars(_MOVES)).all())
        rows = await session.execute(
            select(Deadline.start_at, Deadline.due, cast(Deadline.rungs, Text), Deadline.revision, func.count())
            .group_by(Deadline.start_at, Deadline.due, cast(Deadline.rungs, Text), Deadline.revision)
        )
        alike = [(due.isoformat(), revision, len(json.loads(rungs)), count) for _, due, rungs, revision, count in rows]
    print(f"    {dict(states)}; the change is {state}; notices {notices}, promises {promised} for {messaged} messaged")
    print(f"    moves per deadline {dict(moves)}; (due, revision, rungs, deadlines): {sorted(alike)}")
    assert promised == messaged
    assert sum(count for *_, count in alike) == number


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("number", nargs="?", type=int, default=2_000)
    parser.add_argument("--kill", type=float, default=0, metavar="SECONDS", help="kill the draining process so often")
    given = parser.parse_args()
    began = time.perf_counter()
    asyncio.run(measure(given.number, given.kill))
    print(f"in all {timedelta(seconds=round(time.perf_counter() - began))}")


if __name__ == "__main__":
    main()
