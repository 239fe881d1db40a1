"""The daily reports: what is in them, when, once; and what happens when there is no receipt."""

from __future__ import annotations

import itertools
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from typing import Any

import httpx
import pytest_asyncio
from sqlalchemy import func, select, text
from temporalio.client import Client

from activities.contracts import ReportRequest, ReportResult
from activities.platforms.port import PlatformPort
from activities.stores import Stores
from cases.tables.letters import Notice
from cases.tables.organisations import Account
from cases.tables.records import CreditRecord, Determination
from cases.tables.sharing import DailyReport, Push
from jiannuo.worker import make_worker
from tests.sharing.sharing_world import (
    ACCEPTING,
    COMPLAINANT,
    PACK,
    RESPONDENT,
    ReceiverProcess,
    at,
    clock,
    enter,
    file_case,
)  # fmt: skip
from workflows.reports import REPORT_DAY

_numbers = itertools.count(1)
MONDAY = "2026-09-14"
TUESDAY = "2026-09-15"


@pytest_asyncio.fixture(scope="module", autouse=True)
async def cases(stores: Stores) -> None:
    """Monday before the cut: 1 to 3 filed. Until Tuesday's: 4 filed, 1 determined, 2 verified. After it: 5 filed."""
    async with stores.sessions.begin() as session:
        first = await file_case(session, 1, f"{MONDAY} 09:00")
        second = await file_case(session, 2, f"{MONDAY} 10:00", classification="商业秘密")
        await file_case(session, 3, f"{MONDAY} 11:00", amount_cny=None)
        await file_case(session, 4, f"{MONDAY} 15:46", accepting_uscc=None)
        await file_case(session, 5, f"{TUESDAY} 15:46")
        await enter(session, first, 1, "screening", f"{MONDAY} 09:00")
        await enter(session, first, 2, "determination", f"{TUESDAY} 10:00")
        await enter(session, second, 1, "screening", f"{MONDAY} 10:00")
        await enter(session, second, 2, "verification", f"{TUESDAY} 11:00")
        await enter(session, second, 3, "closed", "2026-09-20 11:00")
        second.status = "closed_not_substantiated"
        await clock(session, second, 1, "verification", f"{TUESDAY} 11:00", "2026-09-22")
        await clock(session, first, 1, "screening", f"{MONDAY} 09:00", MONDAY)
        session.add(
            Determination(
                complaint_id=first.id, unit_uscc=RESPONDENT, grounds=["G2_REFUSAL_TO_RECTIFY"],
                determined_at=at(f"{TUESDAY} 10:00"), revoked_at=at("2026-10-08 09:00"),
            )
        )  # fmt: skip
        history = [{"at": at(f"{TUESDAY} 10:05").isoformat(), "status": "active", "unit": RESPONDENT}]
        history.append({"at": at("2026-10-08 09:00").isoformat(), "status": "revoked", "unit": RESPONDENT})
        session.add(
            CreditRecord(
                complaint_id=first.id, unit_uscc=RESPONDENT, source="BREACH", status="revoked",
                entered_at=at(f"{TUESDAY} 10:05"), changed_at=at("2026-10-08 09:00"), history=history,
            )
        )  # fmt: skip


@asynccontextmanager
async def reporting(client: Client, stores: Stores, ports: dict[str, PlatformPort]) -> AsyncIterator[str]:
    queue = f"reports-{next(_numbers)}"
    async with make_worker(client, stores, queue, ports=ports):
        yield queue


async def run(client: Client, queue: str, kind: str, as_at: str) -> ReportResult:
    result: ReportResult = await client.execute_workflow(
        REPORT_DAY,
        ReportRequest(kind, PACK, at(as_at).isoformat()),
        id=f"{queue}:{kind}:{as_at}:{next(_numbers)}",
        task_queue=queue,
        result_type=ReportResult,
    )
    return result


async def report(stores: Stores, kind: str, day: str) -> DailyReport | None:
    async with stores.sessions() as session:
        return await session.scalar(
            select(DailyReport).where(
                DailyReport.kind == kind, DailyReport.pack == PACK, DailyReport.day == date.fromisoformat(day)
            )
        )


async def notices(stores: Stores, prefix: str) -> list[tuple[str, str]]:
    async with stores.sessions() as session:
        rows = await session.execute(
            select(Account.login, Notice.kind)
            .join(Account, Account.id == Notice.account_id)
            .where(Notice.idempotency_key.startswith(prefix))
            .order_by(Account.login)
        )
        return [(login, kind) for login, kind in rows]


async def test_the_report_tells_what_changed_as_it_stood_then(
    stores: Stores, temporal_plain: Client, receiver: ReceiverProcess
) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        ports: dict[str, PlatformPort] = {"regional": receiver.platform("regional", client)}
        async with reporting(temporal_plain, stores, ports) as queue:
            result = await run(temporal_plain, queue, "intake", f"{TUESDAY} 15:45")
            again = await run(temporal_plain, queue, "intake", f"{TUESDAY} 20:00")
    assert result == again
    assert (result.day, result.items) == (TUESDAY, 3)
    (message,) = receiver.messages()
    lines = {line["投诉编号"][-1]: line for line in message["content"]["明细"]}
    assert sorted(lines) == ["1", "2", "4"]
    assert (lines["1"]["办理环节"], lines["1"]["认定情形"]) == ("determination", ["G2_REFUSAL_TO_RECTIFY"])
    assert lines["1"]["信用记录状态"] == "active"
    assert (lines["2"]["办理环节"], lines["2"]["办理状态"]) == ("verification", "open")
    assert lines["2"]["期限"] == {"verification": "2026-09-22"}
    assert lines["2"]["涉及金额"] is None
    assert lines["1"]["涉及金额"] == "1200000.50"
    assert COMPLAINANT not in json.dumps(receiver.messages(), ensure_ascii=False)
    row = await report(stores, "intake", TUESDAY)
    assert row is not None
    assert row.receipt == message["receipt"]
    assert row.sent_at is not None
    assert row.received_at is not None
    assert row.missing == [{"case_no": "NMG-2026-000004", "unit": None, "fields": ["accepting_unit"]}]


async def test_its_figures_are_those_of_the_ledger(stores: Stores, temporal_plain: Client) -> None:
    key = f"report:intake:{PACK}:{TUESDAY}"
    async with stores.sessions() as session:
        push = await session.get(Push, key)
        assert push is not None
        told = push.body["content"]["totals"]
        cut, since = at(f"{TUESDAY} 15:45"), at(f"{MONDAY} 15:45")
        ledger: dict[str, Any] = {}
        for name, query in {
            "cases": "select count(*) from complaint where recorded_at <= :cut",
            "new_cases": "select count(*) from complaint where recorded_at > :since and recorded_at <= :cut",
            "determinations": "select count(*) from determination where determined_at <= :cut "
            "and (revoked_at is null or revoked_at > :cut)",
            "new_determinations": "select count(*) from determination where determined_at > :since "
            "and determined_at <= :cut",
            "records": "select count(*) from credit_record where entered_at <= :cut",
            "overdue_cases": "select count(distinct instance_id) from deadline where due_at <= :cut "
            "and (ended_at is null or ended_at > :cut)",
        }.items():
            ledger[name] = await session.scalar(
                text(query).bindparams(**{k: v for k, v in (("cut", cut), ("since", since)) if f":{k}" in query})
            )
    assert told == ledger
    assert told == {
        "cases": 4, "new_cases": 1, "determinations": 1, "new_determinations": 1, "records": 1, "overdue_cases": 1,
    }  # fmt: skip


async def test_a_quiet_day_has_a_nil_report(
    stores: Stores, temporal_plain: Client, receiver: ReceiverProcess
) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        ports: dict[str, PlatformPort] = {"national": receiver.platform("national", client)}
        async with reporting(temporal_plain, stores, ports) as queue:
            result = await run(temporal_plain, queue, "national", "2026-12-25 17:45")
    assert result.items == 0
    (message,) = receiver.messages()
    assert message["kind"] == "national_report"
    assert (message["content"]["updateCount"], message["content"]["details"]) == (0, [])
    row = await report(stores, "national", "2026-12-25")
    assert row is not None
    assert row.receipt == message["receipt"]


async def test_a_report_asked_for_before_its_hour_is_that_of_the_day_before(
    stores: Stores, temporal_plain: Client, receiver: ReceiverProcess
) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        ports: dict[str, PlatformPort] = {"regional": receiver.platform("regional", client)}
        async with reporting(temporal_plain, stores, ports) as queue:
            result = await run(temporal_plain, queue, "intake", "2026-11-03 10:00")
    assert result.day == "2026-11-02"


async def test_without_a_receipt_the_region_is_told_once(
    stores: Stores, temporal_plain: Client, receiver: ReceiverProcess
) -> None:
    async with reporting(temporal_plain, stores, {}) as queue:
        first = await run(temporal_plain, queue, "intake_escalation", "2026-11-10 16:05")
        await run(temporal_plain, queue, "intake_escalation", "2026-11-10 16:05")
    assert first.notices == 1
    assert await notices(stores, f"report:intake:{PACK}:2026-11-10:escalation") == [("drc", "report_missing")]


async def test_a_report_that_is_out_without_an_answer_is_escalated_and_one_with_a_receipt_is_not(
    stores: Stores, temporal_plain: Client, receiver: ReceiverProcess
) -> None:
    receiver.kill()
    async with httpx.AsyncClient(trust_env=False) as client:
        ports: dict[str, PlatformPort] = {"regional": receiver.platform("regional", client)}
        async with reporting(temporal_plain, stores, ports) as queue:
            handle = await temporal_plain.start_workflow(
                REPORT_DAY,
                ReportRequest("intake", PACK, at("2026-11-11 15:45").isoformat()),
                id=f"{queue}:unanswered",
                task_queue=queue,
            )
            while await report(stores, "intake", "2026-11-11") is None:
                await run(temporal_plain, queue, "intake_escalation", "2026-11-09 16:05")
            late = await run(temporal_plain, queue, "intake_escalation", "2026-11-11 16:05")
            receiver.start()
            await handle.result()
            answered = await run(temporal_plain, queue, "intake_escalation", "2026-11-11 16:06")
    assert late.notices == 1
    assert await notices(stores, f"report:intake:{PACK}:2026-11-11:escalation") == [("drc", "report_no_receipt")]
    assert answered.notices == 0


async def test_before_the_report_each_department_learns_what_its_cases_lack(
    stores: Stores, temporal_plain: Client
) -> None:
    async with reporting(temporal_plain, stores, {}) as queue:
        result = await run(temporal_plain, queue, "intake_alert", f"{MONDAY} 15:30")
    assert result.items == 1
    assert await notices(stores, f"report:intake:{PACK}:{MONDAY}:alert:{ACCEPTING}") == [
        ("clerk", "report_missing"), ("drc", "report_missing"),
    ]  # fmt: skip
    async with stores.sessions() as session:
        bodies = await session.scalars(select(Notice.body).where(Notice.idempotency_key.contains(":alert:ACCEPTING")))
        assert all("NMG-2026-000003" in body and COMPLAINANT not in body for body in bodies)


async def test_days_on_end_tile_without_gap(stores: Stores) -> None:
    """Every case is new in exactly one report of a run of days."""
    from cases.policy.loader import load
    from cases.reports_totals import totals
    from cases.reports_window import last_send

    async with stores.sessions() as session:
        days = [at(f"{MONDAY} 15:45") + timedelta(days=n) for n in range(4)]
        found = [await totals(session, PACK, last_send(load(PACK), "intake", day)) for day in days]
        everything = await session.scalar(select(func.count()).select_from(text("complaint")))
    assert [day["new_cases"] for day in found] == [3, 1, 1, 0]
    assert sum(day["new_cases"] for day in found) == everything
