"""The daily reports in the agenda of a rehearsal: the same workflows, at the policy's hours, nil reports too."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
import pytest_asyncio
from sqlalchemy import select
from temporalio.testing import WorkflowEnvironment

from cases.tables.complaints import Complaint
from cases.tables.sharing import DailyReport, Push
from jiannuo.rehearsal.reporting import Counterpart, stops
from jiannuo.rehearsal.sample import SampleFile
from jiannuo.rehearsal.stage import Rehearsal
from jiannuo.rehearsal.theatre import on_stage
from tests.rehearsal.variants import own_units, shared_samples

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def counterpart() -> Counterpart:
    return Counterpart()


@pytest_asyncio.fixture
async def reported(
    postgres_dsn: str, temporal_env: WorkflowEnvironment, counterpart: Counterpart
) -> AsyncIterator[Rehearsal]:
    async with on_stage(postgres_dsn, temporal_env, "rehearsal-reports", counterpart) as staged:
        yield staged


async def test_every_calendar_day_is_reported_before_its_hour(reported: Rehearsal, counterpart: Counterpart) -> None:
    sample = next(s for s in shared_samples().samples if s.no.endswith("109"))
    own = own_units(sample, 900, sample.no)
    planned = list(stops([own]))
    await reported.run(SampleFile((own,), {own.no: "{}"}), reports=True)
    result = await reported.reporting.closed(reported.stores)
    assert result.runs == len(planned)
    assert result.without_receipt == []
    async with reported.stores.sessions() as session:
        rows = (await session.scalars(select(DailyReport).order_by(DailyReport.day, DailyReport.id))).all()
    days = sorted({stop.at.date() for stop in planned if stop.wish.kind == "intake"})
    assert [row.day for row in rows if row.kind == "intake"] == days
    assert days[0] == date.fromisoformat(sample.raw["received_at"][:10])
    assert result.sent == len(rows)
    assert len(counterpart.received) == result.sent + result.pushed
    assert result.items > 0


async def test_a_determination_is_delivered_to_every_addressee_within_its_minutes(reported: Rehearsal) -> None:
    sample = next(s for s in shared_samples().samples if s.no.endswith("103"))
    recorded = next(act.at for act in sample.acts if act.act == "record") + timedelta(hours=1)
    own = replace(own_units(sample, 901, sample.no), as_of=recorded)
    own = replace(own, acts=tuple(act for act in own.acts if act.at < recorded))
    await reported.run(SampleFile((own,), {own.no: "{}"}))
    result = await reported.reporting.closed(reported.stores)
    assert result.undelivered == []
    async with reported.stores.sessions() as session:
        ours = select(Complaint.id).where(Complaint.external_ref == f"{sample.no}-901")
        pushes = (await session.scalars(select(Push).where(Push.complaint_id.in_(ours)))).all()
    assert {push.kind for push in pushes} == {"determination", "record"}
    assert all(push.status == "received" and push.receipt for push in pushes)
    assert result.pushed >= len(pushes) >= 3


def test_a_year_of_reports_misses_no_day_of_any_pack() -> None:
    samples = shared_samples().samples
    daily = [stop for stop in stops(samples) if stop.wish.kind == "national" and stop.wish.pack == "nmg-2023"]
    days = [stop.at.date() for stop in daily]
    assert len(days) == len(set(days)) == (days[-1] - days[0]).days + 1
