"""Filing through the column and by staff; following with number and code."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from hashlib import sha256

import pytest
from sqlalchemy import func, select

from cases.tables.complaints import Complaint, Document, Party
from cases.tables.ledger import Outbox
from cases.tables.searching import CaseText
from tests.api.region_builder import BUREAU, FIRM, FIRM_NAME, SCREENING, add_letter, add_open_act, place
from tests.api.web_site import NOW, Site

GOOD = {
    "complainant_name": FIRM_NAME, "complainant_uscc": FIRM, "enterprise_type": "民营企业", "is_sme": "on",
    "contact_phone": "13800000007", "respondent": "青原旗教育体育局（虚构）", "domain": "PROC",
    "title": "设备尾款逾期未付",
    "statement": "设备已经验收，尾款至今未付。", "request": "支付尾款74.4万元。", "contract_no": "QYZC-1",
    "signed_on": "2025-08-12", "amount_cny": "1,860,000.00", "disputed_amount_cny": "744000", "truthful": "on",
}  # fmt: skip
PDF = ("evidence", ("合同.pdf", b"%PDF-1.7 ...", "application/pdf"))


async def count(site: Site) -> int:
    async with site.services.transaction() as session:
        return await session.scalar(select(func.count()).select_from(Complaint)) or 0


def shown(page: str, name: str) -> str:
    found = re.search(rf'id="{name}">([^<]+)<', page)
    assert found, page
    return found[1]


async def test_a_complaint_gets_number_and_code_and_can_be_followed(site: Site) -> None:
    browser = site.browser()
    await browser.get("/complaints/new?source=云岭盟信用门户")
    answer = await browser.post("/complaints/new", {**GOOD, "source_portal": "云岭盟信用门户"}, files=[PDF])
    assert answer.status_code == 201, answer.text
    number, code = shown(answer.text, "case-no"), shown(answer.text, "access-code")
    assert answer.headers["cache-control"] == "no-store"
    async with site.services.transaction() as session:
        row = (await session.scalars(select(Complaint).where(Complaint.case_no == number))).one()
        party = await session.get(Party, row.id)
        assert party is not None
        assert site.services.vault.open(row.id, party.sealed).name == FIRM_NAME
        assert await session.scalar(select(Outbox.ref).where(Outbox.ref == f"complaint:{row.id}"))
        assert (await session.scalars(select(Document.name).where(Document.complaint_id == row.id))).all() == [
            "合同.pdf"
        ]
        assert row.source_portal == "云岭盟信用门户"
    await browser.get("/follow")
    assert (await browser.post("/follow", {"case_no": number.lower(), "code": code})).status_code == 303
    assert number in (await browser.get("/follow/case")).text


async def test_a_form_sent_twice_at_once_is_one_case_whose_shown_code_works(site: Site) -> None:
    browser = site.browser()
    await browser.get("/complaints/new")
    before, data = await count(site), {**GOOD, "form_token": "t" * 32, "contract_no": "QYZC-2"}
    answers = await asyncio.gather(*(browser.post("/complaints/new", data) for _ in range(2)))
    assert await count(site) == before + 1
    assert len({shown(answer.text, "case-no") for answer in answers}) == 1
    again = await browser.post("/complaints/new", data)
    code = shown(again.text, "access-code")
    await browser.get("/follow")
    answer = await browser.post("/follow", {"case_no": shown(again.text, "case-no"), "code": code})
    assert answer.status_code == 303
    await browser.get("/complaints/new")
    late = await browser.post("/complaints/new", data)
    assert 'id="access-code"' not in late.text, "once followed, the code is not given out again"


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("complainant_uscc", FIRM[:-1] + ("0" if FIRM[-1] != "0" else "1"), "校验位不符"),
        ("complainant_uscc", "123", "应为18位"),
        ("signed_on", "2031-01-01", "不能晚于今天"),
        ("signed_on", "去年", "2026-09-18"),
        ("statement", "字" * 30_000, "不得超过20000字"),
        ("statement", "字\x00节", "控制字符"),
        ("contract_no", "A\x07", "控制字符"),
        ("amount_cny", "很多", "人民币金额"),
        ("amount_cny", "-1", "不小于0"),
        ("respondent", "没有的局", "选择被投诉主体"),
        ("domain", "X", "请选择领域"),
        ("classification", "秘密及以上", "涉密"),
        ("contact_phone", "", "联系电话或电子邮箱"),
        ("truthful", "", "属实"),
    ],
)
async def test_an_absurd_field_is_refused_beside_it_and_nothing_typed_is_lost(
    site: Site, key: str, value: str, says: str
) -> None:
    browser, before = site.browser(), await count(site)
    await browser.get("/complaints/new")
    answer = await browser.post("/complaints/new", {**GOOD, key: value})
    assert answer.status_code == 422
    assert says in answer.text
    assert f'id="e-{key}"' in answer.text
    assert GOOD["request"] in answer.text
    assert await count(site) == before


async def test_ten_megabytes_of_text_come_back_with_a_sentence(site: Site) -> None:
    browser = site.browser()
    await browser.get("/complaints/new")
    answer = await browser.post("/complaints/new", {**GOOD, "statement": "a" * (10 * 1024 * 1024)})
    assert answer.status_code == 422
    assert len(answer.content) > 10 * 1024 * 1024


async def test_a_file_that_is_not_what_its_name_says_is_refused(site: Site) -> None:
    browser, before = site.browser(), await count(site)
    await browser.get("/complaints/new")
    for name, content in (("a.exe", b"MZ"), ("a.pdf", b"<html>")):
        answer = await browser.post("/complaints/new", GOOD, files=[("evidence", (name, content, "application/pdf"))])
        assert answer.status_code == 422
    assert await count(site) == before


async def test_staff_register_what_came_by_telephone(site: Site) -> None:
    browser = await site.signed_in("accept")
    await browser.get("/cases/new")
    data = {
        **GOOD,
        "channel": "H12345",
        "external_ref": "12345-77",
        "received_at": "2026-09-18T10:00",
        "contract_no": "T-1",
    }
    refused = await browser.post("/cases/new", data)
    assert (refused.status_code, "补录" in refused.text) == (422, True)
    answer = await browser.post("/cases/new", {**data, "late_reason": "周末补录"})
    assert answer.status_code == 201
    async with site.services.transaction() as session:
        row = (await session.scalars(select(Complaint).where(Complaint.external_ref == "12345-77"))).one()
    assert (row.channel, row.late_reason, row.received_at.isoformat()) == (
        "H12345",
        "周末补录",
        "2026-09-18T02:00:00+00:00",
    )
    again = await browser.post("/cases/new", {**data, "late_reason": "周末补录"})
    assert 'id="access-code"' in again.text or "没有重复登记" in again.text


async def test_the_json_api_files_once_and_says_each_field(site: Site) -> None:
    client = site.browser().client
    data = {
        **GOOD,
        "truthful": True,
        "is_sme": True,
        "amount_cny": "1860000.00",
        "form_token": "j" * 20,
        "contract_no": "J-1",
    }
    first = await client.post("/api/v1/complaints", json=data)
    assert first.status_code == 201, first.text
    second = await client.post("/api/v1/complaints", json=data)
    assert second.json()["case_no"] == first.json()["case_no"]
    wrong = await client.post(
        "/api/v1/complaints", json={**data, "form_token": "k" * 20, "complainant_uscc": "1", "title": ""}
    )
    assert wrong.status_code == 422
    assert set(wrong.json()["fields"]) == {"complainant_uscc", "title"}


async def test_wrong_codes_are_counted_and_the_case_is_locked_for_a_while(site: Site) -> None:
    async with site.services.transaction() as session:
        receipt, _ = await place(session, site.services.vault, SCREENING, NOW - timedelta(hours=5), NOW)
    browser = site.browser()
    await browser.get("/follow")
    for _ in range(8):
        assert (await browser.post("/follow", {"case_no": receipt.case_no, "code": "0"})).status_code == 422
    locked = await browser.post("/follow", {"case_no": receipt.case_no, "code": receipt.access_code})
    assert locked.status_code == 429
    site.now = NOW + timedelta(minutes=16)
    answer = await browser.post("/follow", {"case_no": receipt.case_no, "code": receipt.access_code})
    assert answer.status_code == 303


async def test_a_complainant_sees_its_own_case_only_and_may_withdraw_and_add_evidence(site: Site) -> None:
    async with site.services.transaction() as session:
        receipt, case = await place(session, site.services.vault, SCREENING, NOW - timedelta(hours=5), NOW)
        await add_open_act(session, case, 50, "撤回投诉", "withdraw", f'["complainant@{case}"]')
        mine = await add_letter(session, case, "投诉受理告知书", "complainant", NOW)
        theirs = await add_letter(session, case, "限期整改通知书", "respondent", NOW, key=91)
    browser = site.browser()
    await browser.get("/follow")
    await browser.post("/follow", {"case_no": receipt.case_no, "code": receipt.access_code})
    page = await browser.get("/follow/case")
    assert "受理审查" in page.text
    assert "为什么是这一天" in page.text
    assert (await browser.get(f"/follow/letters/{mine}.pdf")).status_code == 200
    assert (await browser.get(f"/follow/letters/{theirs}.pdf")).status_code == 404
    assert (await browser.get(f"/cases/{case}")).headers["location"].startswith("/login")
    await browser.get("/follow/case")
    added = await browser.post("/follow/documents", {"purpose": "evidence"}, files=[("file", PDF[1])])
    assert added.status_code == 303
    wrong = await browser.post("/follow/documents", {"purpose": "evidence"}, files=[("file", ("a.pdf", b"no", "x/y"))])
    assert wrong.status_code == 422
    page = await browser.get("/follow/case")
    reason = re.search(r'name="(f\.withdraw_reason_\d+)"', page.text)
    assert reason
    done = await browser.post("/follow/case/acts/50", {reason[1]: "已经付款", "submission_id": "w" * 24})
    assert done.status_code == 303, done.text
    assert [sent[3] for sent in site.executions.sent] == ["complainant"]


async def test_search_finds_by_code_everywhere_and_by_name_only_for_who_may_know(site: Site) -> None:
    async with site.services.transaction() as session:
        await place(session, site.services.vault, SCREENING, NOW - timedelta(hours=6), NOW, contract="SUCHE-9")
    hits = {}
    for login in ("accept", "auditor"):
        browser = await site.signed_in(login)
        for query in (f"firm={FIRM}", "firm=云岭华晟", "contract=SUCHE-9", f"unit={BUREAU}", "text=100%25"):
            hits[login, query] = "没有符合条件" not in (await browser.get(f"/cases?{query}")).text
    assert [hits["accept", q] for q in (f"firm={FIRM}", "firm=云岭华晟", "contract=SUCHE-9")] == [True] * 3
    assert (hits["auditor", f"firm={FIRM}"], hits["auditor", "firm=云岭华晟"]) == (True, False)
    assert not hits["accept", "text=100%25"]


async def test_the_code_of_an_earlier_case_works_and_is_kept_by_argon2_from_then_on(site: Site) -> None:
    async with site.services.transaction() as session:
        receipt, case = await place(session, site.services.vault, SCREENING, NOW - timedelta(hours=5), NOW)
        row = await session.get_one(Complaint, case)
        assert (row.access_code_hash or "").startswith("$argon2")
        row.access_code_hash = sha256(f"{case}:{receipt.access_code}".encode()).hexdigest()
    browser = site.browser()
    await browser.get("/follow")
    for code, status in (("1", 422), (receipt.access_code, 303)):
        assert (await browser.post("/follow", {"case_no": receipt.case_no, "code": code})).status_code == status
    async with site.services.transaction() as session:
        row = await session.get_one(Complaint, case)
        assert (row.access_code_hash or "").startswith("$argon2")
    again = site.browser()
    await again.get("/follow")
    assert (await again.post("/follow", {"case_no": receipt.case_no, "code": receipt.access_code})).status_code == 303


async def test_a_title_that_names_the_enterprise_is_listed_under_its_alias(site: Site) -> None:
    browser = site.browser()
    await browser.get("/complaints/new")
    bare = FIRM_NAME.removesuffix("（虚构）")
    title = f"{bare}反映尾款逾期（{GOOD['contact_phone']}）"
    given = {**GOOD, "title": title, "contract_no": "QYZC-77", "project_name": f"{bare}设备采购"}
    answer = await browser.post("/complaints/new", given)
    number = shown(answer.text, "case-no")
    async with site.services.transaction() as session:
        row = (await session.scalars(select(Complaint).where(Complaint.case_no == number))).one()
        words = await session.get(CaseText, row.id)
    assert row.title == f"{row.complainant_alias}反映尾款逾期（{row.complainant_alias}）"
    assert row.project_name == f"{row.complainant_alias}设备采购"
    assert words is not None
    assert bare not in words.text
    officer = await site.signed_in("accept")
    for page in (f"/cases?text={number}", "/tasks", f"/cases/print?text={number}"):
        assert bare not in (await officer.get(page)).text
    agreed = {**GOOD, "title": title, "contract_no": "QYZC-78", "consent": "on"}
    await browser.get("/complaints/new")
    answer = await browser.post("/complaints/new", agreed)
    async with site.services.transaction() as session:
        consented = Complaint.case_no == shown(answer.text, "case-no")
        assert (await session.scalars(select(Complaint.title).where(consented))).one() == title
