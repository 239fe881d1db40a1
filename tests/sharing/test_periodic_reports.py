"""Quarterly, half-year and annual reports: the indicators by their definitions, and a draft that a person releases."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.stores import Stores
from cases import sharing
from cases.errors import Conflict, NotFound
from cases.intake import instance_id_of
from cases.policy.loader import load
from cases.reports_indicators import figures
from cases.reports_periodic import draft, ended_before
from cases.tables.complaints import Complaint
from cases.tables.ledger import Outbox
from cases.tables.records import Determination
from cases.tables.sharing import Push
from cases.tables.worklist import Submission
from tests.sharing.sharing_world import LEAGUE, PACK, RESPONDENT, at, clock, enter, file_case


async def determine(session: AsyncSession, case: Complaint, when: str, revoked: str | None = None) -> None:
    session.add(
        Determination(
            complaint_id=case.id, unit_uscc=RESPONDENT, grounds=["G1"], determined_at=at(when),
            revoked_at=at(revoked) if revoked else None,
        )
    )  # fmt: skip


async def rate(session: AsyncSession, case: Complaint, answer: str, when: str) -> None:
    session.add(
        Submission(
            id=f"rate-{case.id}", instance_id=instance_id_of(case.id), act="rate", role="complainant",
            form={"satisfaction": answer}, event="{}", occurred_at=at(when), recorded_at=at(when), status="done",
        )
    )  # fmt: skip


async def test_the_indicators_follow_their_definitions(stores: Stores) -> None:
    """Third quarter of 2026. Last limit within it: 1 to 5; before it: 6; after it: 7."""
    async with stores.sessions.begin() as session:
        cases = {no: await file_case(session, no, "2026-06-15 09:00") for no in range(1, 8)}
        for no, due in {1: "2026-07-10", 2: "2026-08-01", 3: "2026-09-29", 4: "2026-09-30", 5: "2026-08-08",
                        6: "2026-06-30", 7: "2026-10-01"}.items():  # fmt: skip
            await clock(session, cases[no], 1, "verification", "2026-06-16 09:00", due)
        await clock(session, cases[2], 2, "performance", "2026-08-01 09:00", "2026-12-01")
        await clock(session, cases[1], 2, "referral", "2026-06-15 09:00", "2026-06-18", status="met")
        await enter(session, cases[1], 1, "closed", "2026-07-09 10:00")
        await determine(session, cases[2], "2026-07-30 10:00")
        await enter(session, cases[3], 1, "closed", "2026-10-02 10:00")
        cases[5].status = "merged"
        await determine(session, cases[6], "2026-07-01 00:00", revoked="2026-09-01 10:00")
        await determine(session, cases[7], "2026-10-01 00:00")
        await rate(session, cases[1], "satisfied", "2026-07-12 10:00")
        await rate(session, cases[3], "dissatisfied", "2026-09-30 23:00")
        await rate(session, cases[2], "satisfied", "2026-10-01 00:00")
    async with stores.sessions() as session:
        (league,) = await figures(session, PACK, date(2026, 7, 1), date(2026, 9, 30))
    assert league.region_code == LEAGUE
    assert league.determinations == 1
    assert (league.concluded_cases, league.due_cases, league.closure_rate) == (2, 4, "50.0")
    assert (league.satisfied, league.answered, league.satisfaction_rate) == (1, 2, "50.0")
    assert league.apart == {"merged": 1, "out_of_scope": 0, "withdrawn": 0}


async def test_a_draft_waits_for_a_person_and_goes_out_once(stores: Stores) -> None:
    async with stores.sessions.begin() as session:
        made = await draft(session, "quarterly_monitoring", PACK, at("2026-10-01 08:00"))
        again = await draft(session, "quarterly_monitoring", PACK, at("2026-10-03 08:00"))
    assert made.key == again.key
    async with stores.sessions.begin() as session:
        row = await session.get(Push, made.key)
        assert row is not None
        assert row.status == sharing.DRAFT
        assert row.body["content"]["heading"] == "盟市政务诚信季度监测"
        assert (row.body["content"]["first_day"], row.body["content"]["last_day"]) == ("2026-07-01", "2026-09-30")
        assert row.body["content"]["items"][0]["closure_rate"] == "50.0"
        waiting = select(Outbox).where(Outbox.ref == made.key)
        assert await session.scalar(waiting) is None
        await sharing.release(session, made.key, at("2026-10-09 10:00"))
        await session.flush()
        assert await session.scalar(waiting) is not None
        with pytest.raises(Conflict):
            await sharing.release(session, made.key, at("2026-10-09 10:01"))


@pytest.mark.parametrize(
    ("pack", "name", "asked", "first", "last"),
    [
        (PACK, "quarterly_monitoring", date(2026, 10, 1), date(2026, 7, 1), date(2026, 9, 30)),
        (PACK, "quarterly_monitoring", date(2026, 9, 30), date(2026, 4, 1), date(2026, 6, 30)),
        (PACK, "annual_assessment", date(2027, 1, 1), date(2026, 1, 1), date(2026, 12, 31)),
        ("erqi-2020", "half_year_report", date(2026, 7, 1), date(2026, 1, 1), date(2026, 6, 30)),
        ("erqi-2020", "annual_report", date(2027, 1, 5), date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_a_report_is_about_the_period_that_ended_last(
    pack: str, name: str, asked: date, first: date, last: date
) -> None:
    period = ended_before(load(pack).reports[name], asked)
    assert (period.first, period.last) == (first, last)


async def test_a_report_that_the_pack_does_not_owe_is_refused(stores: Stores) -> None:
    async with stores.sessions() as session:
        with pytest.raises(NotFound, match="没有报告"):
            await draft(session, "half_year_report", PACK, at("2026-07-01 08:00"))
