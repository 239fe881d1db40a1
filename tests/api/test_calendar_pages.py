"""放假安排 and 期限试算, as people and programs use them."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from sqlalchemy import func, select, text

from cases.tables.calendar_changes import CalendarTable
from cases.tables.clocks import Deadline
from tests.api.region_builder import VERIFICATION, add_deadline, place
from tests.api.web_site import NOW, Site

# NOW is Monday, 21 September 2026; a banner may have days of its own (放假办法 §4).
FORM: dict[str, object] = {
    "layer": "national", "document": "国办发明电〔2026〕99号", "years": "2026", "version": "trial-1",
    "days": "2026-09-24 休 临时放假\n2026-09-26，班，调休",
}  # fmt: skip


@pytest_asyncio.fixture(autouse=True, scope="module")
async def case(site: Site) -> str:
    async with site.services.transaction() as session:
        _, case_id = await place(session, site.services.vault, VERIFICATION, NOW, NOW)
        await add_deadline(session, f"complaint:{case_id}", 90, "verification", NOW)
    return case_id


@pytest_asyncio.fixture(autouse=True)
async def without_tables(site: Site) -> AsyncIterator[None]:
    yield
    async with site.services.transaction() as session:
        await session.execute(text("TRUNCATE calendar_table, calendar_change CASCADE"))


async def tables(site: Site) -> int:
    async with site.services.transaction() as session:
        return await session.scalar(select(func.count()).select_from(CalendarTable)) or 0


def hidden(page: str, name: str) -> str:
    return page.split(f'name="{name}" value="')[1].split('"')[0]


def carried(page: str) -> dict[str, object]:
    body = page.split('<textarea name="text" hidden>\n')[1].split("</textarea>")[0]
    return {"text": body, "csv": hidden(page, "csv"), "seen": hidden(page, "seen")}


async def test_a_table_is_previewed_then_published_then_withdrawn(site: Site) -> None:
    browser = await site.signed_in("drc")
    await browser.get("/calendars/new")
    preview = await browser.post("/calendars/new", FORM)
    assert preview.status_code == 200
    assert "尚未发生" in preview.text
    assert "将有变化" in preview.text
    assert await tables(site) == 0, "a preview changes nothing"

    published = await browser.post("/calendars/new", carried(preview.text))
    assert published.headers["location"].startswith("/calendars#change-")
    listed = await browser.get("/calendars?year=2026")
    assert "国办发明电〔2026〕99号" in listed.text
    assert 'class="holiday" title="临时放假"' in listed.text
    assert 'class="makeup" title="调休"' in listed.text

    await browser.get("/calendars/trial-1/withdraw")
    refused = await browser.post("/calendars/trial-1/withdraw", {"reason": " "})
    assert (refused.status_code, "请写明撤回的理由" in refused.text) == (422, True)
    assert (await browser.post("/calendars/trial-1/withdraw", {"reason": "录错文号"})).status_code == 303
    assert "录错文号" in (await browser.get("/calendars")).text


async def test_problems_stand_at_their_fields_and_what_was_typed_stays(site: Site) -> None:
    browser = await site.signed_in("drc")
    await browser.get("/calendars/new")
    wrong = await browser.post(
        "/calendars/new", {**FORM, "version": "空 格", "days": "2026-09-24 休 临时放假\n9月25日 休 中秋节"}
    )
    assert wrong.status_code == 422
    assert "版本“空 格”无法使用" in wrong.text
    assert "第2行：“9月25日”不是日期" in wrong.text
    assert "国办发明电〔2026〕99号" in wrong.text
    assert await tables(site) == 0


async def test_what_is_missing_is_said_in_words_with_an_example_beside_its_field(site: Site) -> None:
    browser = await site.signed_in("drc")
    await browser.get("/calendars/new")
    wrong = await browser.post("/calendars/new", {"layer": "national", "days": "2026-09-24 假 临时放假"})
    assert wrong.status_code == 422
    beside = {key: wrong.text.split(f'id="e-{key}">')[1].split("</p>")[0] for key in ("version", "years", "days")}
    assert beside["version"].startswith("缺少版本。请填写版本，例如 gwy-2027-1")
    assert beside["years"].startswith("缺少年度。请填写年度，例如 2027")
    assert "放假写“休”" in beside["days"]
    assert '<a href="#i-version">' in wrong.text


async def test_a_file_may_say_off_and_on_as_the_form_does(site: Site) -> None:
    browser = await site.signed_in("drc")
    await browser.get("/calendars/new")
    words = "# layer: national\n# version: f-2\n# document: d\n# years: 2026\nday,kind,name\n2026-09-24,休,临时放假\n"
    taken = await browser.post("/calendars/new", {}, files={"file": ("t.csv", words.encode())})
    assert taken.status_code == 200, taken.text


async def test_a_file_is_taken_and_its_problems_name_lines(site: Site) -> None:
    browser = await site.signed_in("drc")
    await browser.get("/calendars/new")
    bad = b"layer: national\nversion: f-1\ndocument: d\nyears: [2026]\ndays:\n  2026-13-01: {kind: holiday, name: x}\n"
    answer = await browser.post("/calendars/new", {}, files={"file": ("t.yaml", bad)})
    assert (answer.status_code, "第6行" in answer.text) == (422, True)
    latin = await browser.post("/calendars/new", {}, files={"file": ("t.csv", "名称".encode("gb18030"))})
    assert "不是 UTF-8 编码" in latin.text
    good = await browser.post("/calendars/new", {}, files={"file": ("t.yaml", bad.replace(b"2026-13", b"2026-12"))})
    assert good.status_code == 200


async def test_only_what_was_previewed_is_published(site: Site) -> None:
    browser = await site.signed_in("drc")
    await browser.get("/calendars/new")
    seen = carried((await browser.post("/calendars/new", FORM)).text)
    changed = await browser.post("/calendars/new", {**seen, "text": str(seen["text"]).replace("09-24", "09-25")})
    assert (changed.status_code, "请重新预览" in changed.text) == (409, True)
    assert await tables(site) == 0


@pytest.mark.parametrize("scripted", [True, False])
async def test_a_limit_is_tried_without_changing_it(site: Site, case: str, scripted: bool) -> None:
    asked = "deadlines.verification.limit = 7wd"
    if scripted:
        given = {"changes": dict([asked.split(" = ")])}
        browser = site.browser()
        headers = await site.token("supervisor")
        answer = await browser.client.post("/api/v1/what-if", json=given, headers=headers)
        moves = answer.json()["moves"]
        assert [(move["old_due"], move["new_due"]) for move in moves if move["name"] == "verification"]
        assert all(move["old_due"] < move["new_due"] for move in moves)
    else:
        person = await site.signed_in("supervisor")
        answer = await person.client.get("/policy/what-if", params={"changes": asked})
        assert "将有变化" in answer.text
        wrong = await person.client.get("/policy/what-if", params={"changes": "deadlines.verification.limit = 半天"})
        assert (wrong.status_code, "半天和小时不能计算" in wrong.text) == (422, True)
        asked_by_name = {"limit": "deadlines.verification.limit", "amount": "7", "unit": "wd"}
        by_name = await person.client.get("/policy/what-if", params=asked_by_name)
        assert "将有变化" in by_name.text, "who reads no English chooses the deadline by its name"
        for amount in ("", "七", "0", "²"):
            wrong = await person.client.get("/policy/what-if", params=asked_by_name | {"amount": amount})
            assert (wrong.status_code, 'id="e-amount"' in wrong.text) == (422, True)
    async with site.services.transaction() as session:
        row = await session.get(Deadline, (f"complaint:{case}", 90))
        assert row is not None
        assert row.due is not None
        assert row.due.isoformat() == "2026-09-29", "as it was; 25 September is 中秋节"


async def test_programs_keep_tables_too(site: Site) -> None:
    browser, headers = site.browser(), await site.token("drc")
    text_ = "# layer: national\n# version: api-1\n# document: d\n# years: 2026\nday,kind,name\n2026-09-24,holiday,x"
    given = {"text": text_, "csv": True}
    early = await browser.client.post("/api/v1/calendars", json=given, headers=headers)
    assert early.status_code == 409
    preview = await browser.client.post("/api/v1/calendars/preview", json=given, headers=headers)
    content = preview.json()["content"]
    done = await browser.client.post("/api/v1/calendars", json={**given, "content": content}, headers=headers)
    assert done.status_code == 201
    listed = (await browser.client.get("/api/v1/calendars", headers=headers)).json()
    assert [table["version"] for table in listed["tables"]] == ["api-1"]
    days = (await browser.client.get("/api/v1/calendars/days?year=2026", headers=headers)).json()
    assert [day["mark"] for day in days if day["day"] == "2026-09-24"] == ["holiday"]
    assert len(days) == 365
    back = await browser.client.post("/api/v1/calendars/api-1/withdrawal", json={"reason": "试"}, headers=headers)
    assert back.status_code == 201
    refused = await browser.client.post(
        "/api/v1/calendars/preview", json=given, headers=await site.token("verify")
    )
    assert refused.status_code == 403


async def test_health_names_the_years_without_a_table(site: Site) -> None:
    answer = (await site.browser().get("/healthz")).json()
    assert answer["years_without_calendar"] == []
    site.now = NOW.replace(month=11)
    assert (await site.browser().get("/healthz")).json()["years_without_calendar"] == [2027]
