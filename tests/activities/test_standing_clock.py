"""A clock that stands still says what is left of it; one that goes on has its date back."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from activities.stores import Stores
from bpmn.commands import ArmDeadline, PauseDeadline, ResumeDeadline
from cases.projection import deadlines
from cases.projection.context import Projecting
from cases.tables.clocks import Deadline
from tests.activities import case_builders as build
from tests.activities.case_builders import at


async def test_a_paused_clock_names_its_remainder_until_it_resumes(stores: Stores) -> None:
    stopped = "2026-09-21 10:00"
    async with stores.transaction() as session:
        instance, _ = await build.case(session, stores, "p1")

        def step(number: int, text: str) -> Projecting:
            return Projecting(session, instance, {}, number, at(text))

        start = {"delivered": at("2026-09-18 10:00").isoformat()}
        await deadlines.arm(step(1, "2026-09-18 10:00"), ArmDeadline(1, "verification", "task", start))
        row = (await session.scalars(select(Deadline).where(Deadline.instance_id == instance.id))).one()
        assert row.due == date(2026, 9, 24)

        await deadlines.pause(step(2, stopped), PauseDeadline(1, at(stopped).isoformat(), "调查取证"))
        assert row.derivation[-1]["zh"] == (
            "9月21日起期限中止（调查取证），尚余3个工作日，自恢复之日的次日起继续计算"
        )

        await deadlines.resume(step(3, "2026-09-23 10:00"), ResumeDeadline(1, at("2026-09-23 10:00").isoformat()))
        # 25 to 27 September 2026 are the Mid-Autumn holiday.
        assert row.due == date(2026, 9, 29)
        assert row.derivation[-1]["kind"] == "due"
