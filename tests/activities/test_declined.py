"""Whose objection or repair is declined: each reader once, the reason read from the act and kept out of the facts."""

from __future__ import annotations

from sqlalchemy import select

from activities.answer_jobs import answer
from activities.stores import Stores
from cases.tables.letters import Notice
from tests.activities import case_builders as build


async def test_several_readers_are_told_once_each_and_an_act_without_words_says_where_to_look(stores: Stores) -> None:
    async with stores.transaction() as session:
        instance, complaint = await build.case(session, stores, "410", email="firm@firm.example")
        await build.person(session, "lead410", "credit_lead_dept", "LEAD", email="lead@unit.example")
        await build.person(session, "resp410", "respondent", "RESP")
        await build.submitted(session, instance, "refuse_repair", unit="DRC", reason="承诺书未附。")
        to = ["credit_lead_dept@LEAD", "respondent@RESP", "respondent@RESP", "complainant@410"]
        job = build.job(
            session, stores, instance, complaint, build.at("2026-09-25 09:00"), asked="申请信用修复",
            act="refuse_repair", to=to,
        )  # fmt: skip
        await answer(job)
        await answer(job)
        silent = build.job(
            session, stores, instance, complaint, build.at("2026-09-25 09:00"), key=8, asked="提出异议",
            act="decide_objection", to="respondent@RESP", clock="objection",
        )  # fmt: skip
        await answer(silent)
        rows = list(
            await session.scalars(select(Notice).where(Notice.complaint_id == "410").order_by(Notice.idempotency_key))
        )
    first, second = (
        [row for row in rows if row.idempotency_key.startswith(f"{job.id}:")],
        [row for row in rows if row.idempotency_key.startswith(f"{silent.id}:")],
    )
    assert sorted((row.channel, row.to_party) for row in first) == [
        ("inbox", False), ("inbox", False), ("inbox", True), ("mail", False), ("mail", True),
    ]  # fmt: skip
    assert {row.body for row in first} == {
        "投诉NMG-2026-410中，“申请信用修复”未获同意：不予修复（自治区发展和改革委员会）。理由：承诺书未附。后续办理情况见案件页面。"
    }
    assert all("承诺书" not in str(row.facts) for row in rows)
    assert ["理由：见案件页面" in row.body for row in second] == [True]
