"""What a person meets while reading: problems lead to their fields, what runs stands before what is over, no codes."""

from __future__ import annotations

import re
from datetime import timedelta

from sqlalchemy import update

from api.language import language
from api.rendering import left
from cases.intake import instance_id_of
from cases.tables.clocks import Deadline
from cases.tables.complaints import Complaint
from tests.api.region_builder import BANNER_GOV, FIRM_NAME, RECTIFICATION, VERIFICATION, add_deadline, place
from tests.api.web_site import NOW, Site


async def test_each_sentence_above_a_form_leads_to_its_field(site: Site) -> None:
    async with site.services.transaction() as session:
        _, case = await place(session, site.services.vault, VERIFICATION, NOW - timedelta(days=2), NOW)
    browser = await site.signed_in("verify")
    await browser.get(f"/cases/{case}/tasks/11")
    for form in ({}, {"act": "verify"}, {"act": "return_referral", "occurred_at": "gestern"}):
        page = (await browser.post(f"/cases/{case}/tasks/11", form)).text
        summary = page.partition('role="alert"')[2].partition("</ul>")[0]
        targets = re.findall(r'href="#([^"]+)"', summary)
        assert len(targets) == summary.count("<li>") > 0
        assert [name for name in targets if f'id="{name}"' not in page] == []
    blank = (await browser.get("/complaints/new")).text
    asked = re.findall(r'<(?:input|select|textarea) id="i-[^"]+" name="([^"]+)"', blank)
    empty = dict.fromkeys(asked, "")
    page = (await browser.post("/complaints/new", {**empty, "title": "长" * 2000})).text
    targets = re.findall(r'href="#([^"]+)"', page.partition('role="alert"')[2].partition("</ul>")[0])
    assert "i-title" in targets
    assert targets == sorted(targets, key=lambda name: page.index(f'id="{name}"')), "in the order of the page"
    assert [name for name in targets if f'id="{name}"' not in page] == []


async def test_a_deadline_that_runs_stands_before_those_that_are_over(site: Site) -> None:
    async with site.services.transaction() as session:
        receipt, case = await place(session, site.services.vault, VERIFICATION, NOW - timedelta(days=2), NOW)
        own = Deadline.instance_id == instance_id_of(case)
        await session.execute(update(Deadline).where(own).values(status="met"))
        await add_deadline(session, instance_id_of(case), 70, "rectification", NOW + timedelta(days=9))
    browser = site.browser()
    await browser.get("/follow")
    await browser.post("/follow", {"case_no": receipt.case_no, "code": receipt.access_code})
    page = (await browser.get("/follow/case")).text.partition("<h2>期限</h2>")[2]
    assert page.index("限期整改") < page.index("已经结束的期限") < page.index("按期完成")
    officer = await site.signed_in("verify")
    page = (await officer.get(f"/cases/{case}")).text.partition('id="deadlines"')[2]
    assert page.index("限期整改") < page.index("按期完成")


async def test_a_date_names_the_notice_it_was_counted_by_and_its_weekday(site: Site) -> None:
    async with site.services.transaction() as session:
        receipt, case = await place(session, site.services.vault, VERIFICATION, NOW - timedelta(days=2), NOW)
        await add_deadline(session, instance_id_of(case), 70, "rectification", NOW + timedelta(days=9))
    browser = site.browser()
    await browser.get("/follow")
    await browser.post("/follow", {"case_no": receipt.case_no, "code": receipt.access_code})
    told = (await browser.get("/follow/case")).text
    notice = "国务院办公厅关于2026年部分节假日安排的通知"
    assert notice in told
    assert "chinesecalendar" not in told
    assert re.search(r'<span class="weekday">周[一二三四五]</span>', told)
    officer = (await (await site.signed_in("verify")).get(f"/cases/{case}")).text
    assert notice in officer
    assert "chinesecalendar" in officer


async def test_the_account_page_names_units(site: Site) -> None:
    page = (await (await site.signed_in("verify")).get("/account")).text
    assert "青原旗人民政府" in page
    assert BANNER_GOV not in page


async def test_who_must_answer_reads_the_complaint_beside_the_form_and_not_who_complains(site: Site) -> None:
    async with site.services.transaction() as session:
        _, case = await place(session, site.services.vault, RECTIFICATION, NOW - timedelta(days=9), NOW)
        words = f"{FIRM_NAME}的设备已经验收，尾款未付。"
        await session.execute(update(Complaint).where(Complaint.id == case).values(statement=words))
    page = (await (await site.signed_in("respondent")).get(f"/cases/{case}/tasks/11")).text
    assert "的设备已经验收，尾款未付。" in page
    assert FIRM_NAME not in page


async def test_a_small_form_of_a_task_says_beside_its_field_what_is_missing(site: Site) -> None:
    async with site.services.transaction() as session:
        _, case = await place(session, site.services.vault, VERIFICATION, NOW - timedelta(days=2), NOW)
    at, listed = f"/cases/{case}/tasks/11", f"/cases/{case}/tasks/11?back=/tasks%3Flight%3Dred"
    browser = await site.signed_in("verify")
    await browser.get(at)
    for change, form, target in (
        ("transfer", {"to": "head", "reason": ""}, "i-transfer-reason"), ("note", {"note": " "}, "i-note"),
    ):  # fmt: skip
        answer = await browser.post(f"{at}/{change}", {**form, "row_version": "1", "back": listed})
        assert answer.status_code == 422
        assert f'href="#{target}"' in answer.text
        assert f'id="{target}-e"' in answer.text
        assert 'name="back" value="/tasks?light=red"' in answer.text, "the list is kept"
    page = (await browser.post(f"/cases/{case}/documents", {"purpose": "evidence"})).text
    assert 'id="e-file"' in page
    assert 'href="#i-file"' in page


def test_one_day_is_one_day_in_both_languages() -> None:
    said = {code: [left(language(code), days) for days in (-2, -1, 0, 1, 2)] for code in ("zh", "en")}
    assert said["zh"] == ["逾期2个工作日", "逾期1个工作日", "今日到期", "剩1个工作日", "剩2个工作日"]
    assert [words for words in said["en"] if words.startswith("1 ")] == ["1 working day late", "1 working day left"]
