"""Open deadlines moved by a published table: seconds per 1,000, executions messaged, events each.

    python -m benchmarks.calendar_change [NUMBER]

NUMBER deadlines (2,000; 100,000 for the full measurement) are rows as the record step leaves them; half come earlier,
half later. They have no executions: telling one costs a signal that the server answers with "not found". That timers
fire at the new instant is tested in tests/calendar/test_rearming.py.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, select

from cases.calendar_changes.publish import publish, withdraw
from cases.calendar_changes.table import Table
from cases.calendars import calendar_for
from cases.deadlines.calendar import DayKind, DayRow
from cases.deadlines.zone import SHANGHAI
from cases.policy.loader import load
from cases.projection.deadlines import computation, instants
from cases.tables.calendar_changes import CalendarChange, CalendarJob
from cases.tables.clocks import Deadline
from cases.tables.complaints import Complaint, Party
from cases.tables.engine import DefinitionFile, Instance
from cases.tables.ledger import Outbox
from cases.tables.letters import Notice
from cases.tables.organisations import Organisation, Region
from cases.vault import Identity
from jiannuo.calendar_job import CalendarJob as Job
from jiannuo.rehearsal.theatre import theatre

PACK, CHANNEL, REGION, UNIT = "nmg-2023", "CREDIT_NM", "150724", "UNIT"
AT_ONCE = 1_000


def starting(number: int) -> datetime:
    """Half from 28 December (its fifth day comes earlier), half from 31 December (later)."""
    return datetime(2026, 12, 28 if number % 2 else 31, 10, tzinfo=SHANGHAI)


def tables() -> Table:
    days = (("2027-01-01", "holiday"), ("2027-01-02", "workday"), ("2027-01-06", "holiday"), ("2027-01-07", "holiday"))
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


async def measure(number: int) -> None:
    async with theatre() as staged:
        stores, client = staged._stores, staged._relay._client
        began = time.perf_counter()
        await fill(stores, number)
        print(f"{number} deadlines written in {time.perf_counter() - began:.1f} s")
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
            began = time.perf_counter()
            while (await job.drain(now)).seen:
                continue
            drained = time.perf_counter() - began
            began = time.perf_counter()
            told = 0
            while heard := await job.tell(now):
                told += heard
            signalled = time.perf_counter() - began
            while await job.once(now):
                continue
            await report(stores, act, change, number, (listed, drained, signalled), told)


async def report(
    stores: Any, act: str, change: int, number: int, seconds: tuple[float, float, float], told: int
) -> None:
    listed, drained, signalled = seconds
    async with stores.sessions() as session:
        states = Counter(await session.scalars(select(CalendarJob.state).where(CalendarJob.change_id == change)))
        notices = await session.scalar(select(func.count()).select_from(Notice))
        promised = await session.scalar(select(func.count()).select_from(Outbox))
        state = await session.scalar(select(CalendarChange.state).where(CalendarChange.id == change))
    thousands = number / 1_000
    print(f"{act}: listed in {listed:.2f} s; drained in {drained:.2f} s, {drained / thousands:.2f} s per 1,000")
    print(f"    {dict(states)}; the change is {state}")
    each = f"{signalled / told * 1_000:.1f} ms each" if told else "none"
    print(f"    executions messaged: {told} of {number}, one event each ({each}); notices {notices}, outbox {promised}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("number", nargs="?", type=int, default=2_000)
    began = time.perf_counter()
    asyncio.run(measure(parser.parse_args().number))
    print(f"in all {timedelta(seconds=round(time.perf_counter() - began))}")


if __name__ == "__main__":
    main()
