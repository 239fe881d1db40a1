"""The rungs of a breach risk, rung by rung: who is told; and who the competent organ is."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from activities import case_jobs, notify_jobs
from activities.stores import Stores
from cases.errors import NotFound
from cases.tables.letters import Notice
from cases.tables.organisations import Account, Organisation, Region
from tests.activities import case_builders as build

TOLD = {
    "remind": ({"organ", "inspector"}, "reminder"),
    "due": (set(), None),
    "overdue_1": ({"organ", "inspector"}, "warning"),
    "overdue_5": ({"organ", "inspector"}, "interview"),
}


async def unit(stores: Stores, uscc: str, function: str, region: str) -> None:
    async with stores.transaction() as session:
        if await session.get(Region, region) is None:
            session.add(Region(code=region, name=region, level="REGION"))
            await session.flush()
        session.add(Organisation(uscc=uscc, name=uscc, org_type="机关", region_code=region, functions=[function]))


async def test_each_rung_tells_the_competent_organ_and_the_supervisor_and_proposes_the_next_step(
    stores: Stores,
) -> None:
    async with stores.transaction() as session:
        instance, complaint = await build.case(session, stores, "301")
        session.add(Organisation(uscc="DIS", name="纪委监委", org_type="机关", region_code="159700", functions=[]))
        await session.flush()
        await build.person(session, "organ", "discipline", "DIS")
        await build.person(session, "inspector", "supervisor", "LEAD")
        await build.person(session, "unit", "respondent", "RESP")
        for key, (rung, (told, proposal)) in enumerate(TOLD.items()):
            job = build.job(
                session, stores, instance, complaint, build.at("2026-09-25 09:00"), 9_000 + key, clock="risk_watch",
                rung=rung, waits_for="discipline@DIS",
            )  # fmt: skip
            assert (await notify_jobs.notify(job))["proposals"] == proposal
            rows = await session.execute(
                select(Account.login, Notice.kind)
                .join(Notice, Notice.account_id == Account.id)
                .where(Notice.idempotency_key.startswith(f"{job.id}:{rung}"))
            )
            assert {(login, kind) for login, kind in rows} == {(login, "risk_step") for login in told}


async def test_the_competent_organ_is_the_nearest_discipline_inspection_else_the_supervisor(stores: Stores) -> None:
    await unit(stores, "ELSE-302", "reviewer", "990200")
    async with stores.transaction() as session:
        instance, complaint = await build.case(session, stores, "302", region_code="990200")
    found = []
    for uscc, function in ((None, None), ("SUP-302", "supervisor"), ("DIS-302", "discipline_inspection")):
        if uscc is not None and function is not None:
            await unit(stores, uscc, function, "990200")
        async with stores.transaction() as session:
            job = build.job(session, stores, instance, complaint, build.at("2026-09-25 09:00"), 9_100)
            if uscc is None:
                with pytest.raises(NotFound, match="纪检监察机关"):
                    await case_jobs.find_overseer(job)
                continue
            found.append(await case_jobs.find_overseer(job))
    assert found == [{"unit": "SUP-302", "role": "supervisor"}, {"unit": "DIS-302", "role": "discipline"}]


async def test_a_unit_never_watches_over_itself(stores: Stores) -> None:
    await unit(stores, "SUP-303", "supervisor", "990300")
    await unit(stores, "DIS-303", "discipline_inspection", "990300")
    async with stores.transaction() as session:
        instance, complaint = await build.case(
            session, stores, "303", region_code="990300", respondent_uscc="DIS-303"
        )
        job = build.job(session, stores, instance, complaint, build.at("2026-09-25 09:00"), 9_200)
        assert await case_jobs.find_overseer(job) == {"unit": "SUP-303", "role": "supervisor"}
