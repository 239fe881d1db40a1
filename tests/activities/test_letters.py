"""What letters say of their case, and that issuing one happens once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities import letter_jobs, letter_text
from activities.jobs import Job
from activities.letter_facts_words import WORDS
from activities.stores import Stores
from cases import unit_contacts
from cases.guards import Attempt, circulated_cases
from cases.letter_gaps import gap, gaps_in, no_gap_left
from cases.policy.loader import load
from cases.tables.complaints import Complaint
from cases.tables.engine import Instance
from cases.tables.letters import Letter, Notice
from cases.tables.organisations import Organisation
from cases.tables.records import Determination
from notifications.letters.kinds import LETTER_KINDS, Reader
from notifications.letters.render import compose
from tests.activities import case_builders as build

BY_REPORT = {"提醒函", "警示函", "风险预警提示函", "半年报告", "年度报告", "季度监测通报", "文书撤回通知", "送达回证"}
KINDS = [kind.id for kind in LETTER_KINDS]
NEEDING_WORDS = {"case", "earlier", "service", "subject_unit", "period"}


async def issued(
    stores: Stores, id_: str, kind: str, issuer: str = "VER", at: str = "2026-09-18 10:00", **facts: object
) -> Letter:
    """Prepares and issues a letter of case ``id_`` as the model's two service tasks do."""
    async with stores.transaction() as session:
        instance, complaint = await found(session, id_)
        when = build.at(at)
        key = int(when.timestamp()) % 1_000_000 + len(kind)
        job = build.job(
            session, stores, instance, complaint, when, key, kind=kind, issuer=issuer, drafter_role="x", facts=facts
        )
        await letter_jobs.prepare(job)
        send = build.job(session, stores, instance, complaint, when, key + 1, letter_id=job.id)
        await letter_jobs.issue(send)
        letter = await session.get(Letter, job.id)
    assert letter is not None
    return letter


async def found(session: AsyncSession, id_: str) -> tuple[Instance, Complaint]:
    return await session.get_one(Instance, f"complaint:{id_}"), await session.get_one(Complaint, id_)


async def drafted(session: AsyncSession, stores: Stores, instance: Instance, complaint: Complaint, kind: str) -> Job:
    """The job that has prepared the letter of the same id."""
    at = build.at("2026-09-18 10:00")
    job = build.job(session, stores, instance, complaint, at, kind=kind, issuer="VER", drafter_role="x")
    await letter_jobs.prepare(job)
    return job


def test_every_kind_that_a_model_issues_has_a_source_for_each_fact_it_must_state() -> None:
    lacking = {
        f"{kind.id}: {need}"
        for kind in LETTER_KINDS
        if kind.id not in BY_REPORT
        for need in kind.needs
        if need not in NEEDING_WORDS and need not in WORDS.get(kind.id, {})
    }
    assert lacking == set()


@pytest.mark.parametrize("kind", KINDS)
async def test_a_draft_of_any_kind_is_prepared_even_from_a_bare_case(stores: Stores, kind: str) -> None:
    async with stores.transaction() as session:
        instance, complaint = await build.case(session, stores, f"bare{KINDS.index(kind)}")
        job = await drafted(session, stores, instance, complaint, kind)
        letter = await session.get(Letter, job.id)
    assert letter is not None
    assert (letter.body or "").strip()


async def test_the_date_that_service_starts_is_written_at_issue_and_explained(stores: Stores) -> None:
    async with stores.transaction() as session:
        instance, _ = await build.case(session, stores, "101")
        await build.submitted(session, instance, "verify", result="substantiated")
    letter = await issued(stores, "101", "限期整改通知书", at="2026-09-24 16:00")
    # 30 days from 24 September end on Saturday 24 October, which rolls to Monday.
    assert "30日内（即2026年10月26日24时前）" in (letter.body or "")
    assert "支付已到期未付的款项74.4万元" in (letter.body or "")
    assert (letter.pdf or b"").startswith(b"%PDF")


async def test_the_limit_that_the_verifying_department_set_is_the_one_in_the_letter(stores: Stores) -> None:
    async with stores.transaction() as session:
        instance, _ = await build.case(session, stores, "102")
        await build.submitted(session, instance, "verify", result="substantiated", days=10)
    letter = await issued(stores, "102", "限期整改通知书", at="2026-09-21 16:00")
    assert "10日内（即2026年10月8日24时前）" in (letter.body or "")


async def test_the_respondent_never_reads_who_complained(stores: Stores) -> None:
    async with stores.transaction() as session:
        await build.case(session, stores, "103")
    told = await issued(stores, "103", "核实通知书")
    assert build.FIRM not in (told.body or "")
    assert "投诉人的设备尾款逾期未付" in (told.body or "")
    referred = await issued(stores, "103", "线索转交函", "ACC", at="2026-09-18 11:00")
    assert build.FIRM in (referred.body or "")


async def test_a_suspension_goes_to_both_parties_each_by_its_own_number(stores: Stores) -> None:
    async with stores.transaction() as session:
        await build.case(session, stores, "104")
    await issued(stores, "104", "中止办理告知书", "ACC")
    async with stores.transaction() as session:
        rows = list(await session.scalars(select(Letter).where(Letter.complaint_id == "104").order_by(Letter.number)))
    assert {row.addressee for row in rows} == {Reader.COMPLAINANT.value, Reader.RESPONDENT.value}
    assert len({row.number for row in rows}) == 2
    assert all(row.pdf for row in rows)


async def test_issuing_again_after_a_crash_keeps_number_date_and_file(stores: Stores) -> None:
    async with stores.transaction() as session:
        await build.case(session, stores, "105")
    letter = await issued(stores, "105", "投诉受理告知书", "ACC")
    before = (letter.number, letter.issued_at, letter.pdf)
    async with stores.transaction() as session:
        instance, complaint = await found(session, "105")
        later = build.at("2026-09-19 10:00")
        answer = await letter_jobs.issue(
            build.job(session, stores, instance, complaint, later, 99, letter_id=letter.id)
        )
        again = await session.get(Letter, letter.id)
    assert again is not None
    assert (again.number, again.issued_at, again.pdf) == before
    assert answer["number"] == before[0]


async def test_the_same_facts_and_text_give_the_same_bytes(stores: Stores) -> None:
    async with stores.transaction() as session:
        await build.case(session, stores, "106")
    letter = await issued(stores, "106", "投诉受理告知书", "ACC")
    async with stores.transaction() as session:
        instance, complaint = await found(session, "106")
        job = build.job(session, stores, instance, complaint, build.at("2026-09-18 10:00"))
        facts = await letter_text.facts_of(job, letter, job.at)
        assert await letter_text.typeset(job, facts, letter.body or "") == letter.pdf


async def test_an_officers_text_stands_and_an_untouched_draft_gets_its_dates(stores: Stores) -> None:
    async with stores.transaction() as session:
        instance, complaint = await build.case(session, stores, "107")
        job = await drafted(session, stores, instance, complaint, "核实通知书")
        draft = await session.get(Letter, job.id)
        assert draft is not None
        await build.submitted(
            session, instance, "draft", letter_id=job.id, body=(draft.body or "").replace("\n", "\r\n")
        )
    async with stores.transaction() as session:
        instance, complaint = await found(session, "107")
        await letter_jobs.issue(
            build.job(session, stores, instance, complaint, build.at("2026-09-18 10:00"), 8, letter_id=draft.id)
        )
        assert "（即" in ((await session.get(Letter, draft.id)).body or "")  # type: ignore[union-attr]
    async with stores.transaction() as session:
        instance, complaint = await build.case(session, stores, "108")
        job = await drafted(session, stores, instance, complaint, "核实通知书")
        await build.submitted(session, instance, "issue", letter_id=job.id, body=f"请书面答复{build.FIRM}所述事项。")
        await letter_jobs.issue(
            build.job(session, stores, instance, complaint, build.at("2026-09-18 10:00"), 8, letter_id=job.id)
        )
        assert (await session.get(Letter, job.id)).body == "请书面答复投诉人所述事项。"  # type: ignore[union-attr]


async def test_a_letter_with_a_gap_is_not_issued(stores: Stores) -> None:
    async with stores.transaction() as session:
        instance, complaint = await build.case(session, stores, "109")
        job = await drafted(session, stores, instance, complaint, "退回函")
        letter = await session.get(Letter, job.id)
        assert letter is not None
        assert "理由" in gaps_in(letter.body or "")
        attempt = Attempt(instance, complaint, "issue", {}, {"letter_id": job.id}, {}, job.at)
        assert "理由" in (await no_gap_left(session, attempt))["body"]
        filled = Attempt(instance, complaint, "issue", {}, {"letter_id": job.id, "body": "已经填写完整。"}, {}, job.at)
        assert await no_gap_left(session, filled) == {}
    assert gaps_in(gap("理由") + gap("理由")) == ("理由",)


async def test_a_letter_to_the_complainant_is_told_on_its_page_and_by_mail_once(stores: Stores) -> None:
    async with stores.transaction() as session:
        await build.case(session, stores, "110", email="li@firm.example")
        await build.person(session, "resp", "respondent", "RESP")
    await issued(stores, "110", "投诉受理告知书", "ACC")
    await issued(stores, "110", "核实通知书", at="2026-09-18 10:00")
    async with stores.transaction() as session:
        rows = list(
            await session.scalars(select(Notice).where(Notice.complaint_id == "110").order_by(Notice.idempotency_key))
        )
    to_party = {(row.channel, row.status) for row in rows if row.to_party}
    assert to_party == {("inbox", "sent"), ("mail", "pending")}
    assert [row.channel for row in rows if not row.to_party] == ["inbox"]
    assert all(build.FIRM not in row.body and "@" not in str(row.facts) for row in rows)


async def test_a_region_without_a_procedure_borrows_the_words_but_never_the_law(stores: Stores) -> None:
    async with stores.transaction() as session:
        await build.case(session, stores, "111", pack="erqi-2020")
    letter = await issued(stores, "111", "投诉受理告知书", "ACC")
    assert "内蒙古" not in (letter.body or "").replace("“信用中国（内蒙古）”", "")


async def test_the_answer_of_a_respondent_is_due_before_the_verification(stores: Stores) -> None:
    async with stores.transaction() as session:
        await build.case(session, stores, "112")
    letter = await issued(stores, "112", "核实通知书", at="2026-09-18 10:00")
    assert "2个工作日内（即2026年9月21日24时前）" in (letter.body or "")
    assert letter.issued_at == build.at("2026-09-18 10:00") + timedelta(0)


async def test_an_interview_names_time_and_place_and_whom_to_ask(stores: Stores) -> None:
    async with stores.transaction() as session:
        instance, _ = await build.case(session, stores, "113")
        unit = await session.get_one(Organisation, "VER")
        unit.phone, unit.address, unit.contact = "0000-0000002", "青原旗政务大道2号", "乌兰"
        await build.submitted(
            session, instance, "interview", meeting_at="2026-09-25T09:30:00", place="三楼会议室", topic="付款安排"
        )
    letter = await issued(stores, "113", "约谈通知书")
    for words in ("2026年9月25日", "9时30分", "三楼会议室", "付款安排"):
        assert words in (letter.body or "").replace(" ", "")
    async with stores.transaction() as session:
        row = await session.get_one(Letter, letter.id)
        job = build.job(session, stores, *await found(session, "113"), build.at("2026-09-18 10:00"))
        facts = await letter_text.facts_of(job, row, row.issued_at)
    sheet = compose(facts, letter_text.texts_of(load("nmg-2023"))).text()
    assert "联系单位：青原旗人民政府；联系人：乌兰；联系电话：0000-0000002；地址：青原旗政务大道2号" in sheet


async def test_a_changed_telephone_stands_in_later_letters_and_in_none_that_was_issued(stores: Stores) -> None:
    async with stores.transaction() as session:
        await build.case(session, stores, "116")
        at = build.at("2026-09-17 09:00")
        await unit_contacts.write(session, "cli:li", "VER", {"phone": "0000-0000002"}, "开通", at)
    letter = await issued(stores, "116", "核实通知书")
    sent = letter.pdf
    assert sent is not None
    async with stores.transaction() as session:
        at = build.at("2026-09-19 09:00")
        await unit_contacts.write(session, "cli:li", "VER", {"phone": "0000-0000009"}, "换号", at)
    async with stores.transaction() as session:
        row = await session.get_one(Letter, letter.id)
        await session.refresh(row, ["pdf"])
        assert row.pdf == sent
        await build.case(session, stores, "117")
    later = await issued(stores, "117", "核实通知书")
    async with stores.transaction() as session:
        row = await session.get_one(Letter, later.id)
        job = build.job(session, stores, *await found(session, "117"), build.at("2026-09-20 10:00"))
        facts = await letter_text.facts_of(job, row, row.issued_at)
    assert "0000-0000009" in compose(facts, letter_text.texts_of(load("nmg-2023"))).text()


async def test_a_circular_lists_other_cases_without_who_complained(stores: Stores) -> None:
    async with stores.transaction() as session:
        instance, complaint = await build.case(session, stores, "150")
        _, other = await build.case(session, stores, "151", respondent_uscc="VER", title=f"{build.FIRM}诉拖欠工程款")
        for case in (complaint, other):
            session.add(
                Determination(
                    complaint_id=case.id, unit_uscc=case.respondent_uscc, grounds=["G2_REFUSAL_TO_RECTIFY"],
                    determined_at=build.at("2026-09-10 10:00"),
                )
            )  # fmt: skip
        await session.flush()
        numbers = f"{other.case_no}\nNMG-2026-nothing"
        attempt = Attempt(
            instance, complaint, "circulate", {}, {"cases": numbers}, {}, build.at("2026-09-18 09:00")
        )
        assert "NMG-2026-nothing不是已认定违约失信的投诉" in (await circulated_cases(session, attempt))["cases"]
        await build.submitted(session, instance, "circulate", cases=other.case_no, units="各旗县人民政府\n盟直各部门")
    letter = await issued(stores, "150", "通报")
    said = letter.body or ""
    assert "青原旗人民政府在政府采购领域未履约，涉及金额74.4万元，2026年9月10日被确认为违约失信（拒不整改）" in said
    assert build.FIRM not in (letter.body or "")
