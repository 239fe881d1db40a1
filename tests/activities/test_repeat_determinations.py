"""How often a unit was determined within twelve months (the trigger of an escalation)."""

import pytest

from activities.credit_jobs import determine
from activities.stores import Stores
from cases.tables.records import Determination
from tests.activities import case_builders as build


@pytest.mark.parametrize(
    ("earlier", "now", "count"),
    [
        ("2024-02-10 10:00", "2025-02-10 09:00", 2),  # 366 days, over a 29 February: the last day of the twelve months
        ("2024-02-10 10:00", "2025-02-11 00:30", 1),
        ("2024-02-29 23:00", "2025-02-28 08:00", 2),
        ("2025-09-18 23:30", "2026-09-18 08:00", 2),
    ],
)
async def test_twelve_months_end_with_the_corresponding_day(
    stores: Stores, earlier: str, now: str, count: int
) -> None:
    unit = f"{earlier}/{now}"
    async with stores.transaction() as session:
        _, first = await build.case(session, stores, f"a {unit}")
        instance, complaint = await build.case(session, stores, f"b {unit}")
        session.add(Determination(complaint_id=first.id, unit_uscc=unit, grounds=[], determined_at=build.at(earlier)))
        await session.flush()
        job = build.job(session, stores, instance, complaint, build.at(now), unit=unit)
        assert await determine(job) == {"determinations_12m": count}
