"""Every rung of every pack is told in words, to the people it names, once."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from activities import notify_jobs
from activities.notify_wording import KINDS, kind_of
from activities.stores import Stores
from cases.policy.loader import available, load
from cases.tables.letters import Notice
from notifications.kinds import notice_kind
from notifications.notice import needed_facts
from tests.activities import case_builders as build

FACTS = {"case_no", "task", "due", "unit", "late", "reason"}


@pytest.mark.parametrize("pack", available())
def test_every_rung_of_the_pack_has_words_for_each_of_its_readers(pack: str) -> None:
    rungs = [
        rung.value for ladder in load(pack).ladders.values() for rung in ladder.rungs.values() if rung.value.notice
    ]
    assert rungs
    for rung in rungs:
        for place in rung.to:
            kind = notice_kind(kind_of(str(rung.notice), place))
            assert needed_facts(kind.id) <= FACTS, kind.id


def test_no_row_of_the_table_is_left_over() -> None:
    used = {
        rung.value.notice
        for pack in available()
        for ladder in load(pack).ladders.values()
        for rung in ladder.rungs.values()
    }
    assert set(KINDS) == {notice for notice in used if notice}


async def test_a_rung_tells_the_verifying_department_in_whole_sentences_once(stores: Stores) -> None:
    async with stores.transaction() as session:
        instance, complaint = await build.case(session, stores, "201")
        await build.person(session, "ver", "verifying_dept", "VER", email="ver@unit.example")
        job = build.job(
            session, stores, instance, complaint, build.at("2026-09-25 09:00"), clock="verification", rung="overdue_1",
            waits_for="verifying_dept@VER",
        )  # fmt: skip
        await notify_jobs.notify(job)
        await notify_jobs.notify(job)
        rows = list(await session.scalars(select(Notice).where(Notice.complaint_id == "201")))
    assert sorted((row.channel, row.status) for row in rows) == [("inbox", "sent"), ("mail", "pending")]
    assert {row.kind for row in rows} == {"overdue_assignee"}
    assert all("“核实”已于规定日期到期" in row.body for row in rows)
    assert {row.subject for row in rows} == {"待办已逾期：NMG-2026-201"}


async def test_the_policy_says_which_letter_a_person_is_offered(stores: Stores) -> None:
    async with stores.transaction() as session:
        instance, complaint = await build.case(session, stores, "202")
        job = build.job(
            session, stores, instance, complaint, build.at("2026-09-25 09:00"), clock="verification", rung="overdue_5",
            waits_for="verifying_dept@VER",
        )  # fmt: skip
        assert await notify_jobs.notify(job) == {"proposals": "order"}
