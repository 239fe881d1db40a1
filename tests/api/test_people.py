"""Load per person, the list behind each number, and who may open the pages about people."""

from __future__ import annotations

import io
import re

import pytest
from openpyxl import load_workbook
from sqlalchemy import update

from api.pages import leaving as leaving_page
from api.pages import people as people_pages
from cases import positions
from cases.intake import instance_id_of
from cases.tables.worklist import Task
from tests.api.people_site import ask, cases, people, put
from tests.api.region_builder import BANNER_GOV, PEOPLE
from tests.api.web_site import Site

__all__ = ["cases", "people"]

@pytest.mark.parametrize("login", ["head", "supervisor"])
async def test_each_number_opens_the_list_it_counts(
    site: Site, people: dict[str, int], cases: list[str], login: str
) -> None:
    browser = await site.signed_in(login)
    page = (await browser.get("/people")).text
    links = re.findall(r'<a href="(/people/tasks\?[^"]+)">(\d+)</a>', page)
    assert any("due=late" in link for link, _ in links)
    for link, number in links:
        rows = (await browser.get(link.replace("&amp;", "&"))).text.count('class="go"')
        assert rows == int(number), link
    _, rows = await ask(site, login, "GET", "/people")
    mine = next(row for row in rows if row["person"] == people["verify"])  # type: ignore[attr-defined,union-attr]
    assert (mine["open"], mine["late"]) == (3, 2)
    assert mine["age_days"] == pytest.approx((20 + 20.5 + 3) / 3, abs=0.01)
    pool = next(row for row in rows if row["person"] is None)  # type: ignore[attr-defined,union-attr]
    assert (pool["open"], pool["unit"]) == (2, BANNER_GOV)


async def test_what_waits_for_complainants_is_one_row_that_opens_its_tasks(
    site: Site, people: dict[str, int], cases: list[str]
) -> None:
    waiting = [await put(site, people, None, days) for days in (2, 3)]
    async with site.services.transaction() as session:
        for case in waiting:
            await session.execute(
                update(Task)
                .where(Task.instance_id == instance_id_of(case))
                .values(candidates=[f"complainant@{case}"], unit=case)
            )
        await positions.refresh(session, waiting)
    _, rows = await ask(site, "supervisor", "GET", "/people")
    pools = [row for row in rows if row["unit"] == "complainant"]  # type: ignore[attr-defined,union-attr,index]
    assert [row["open"] for row in pools] == [2]
    browser = await site.signed_in("supervisor")
    link = next(one for one in re.findall(r'href="(/people/tasks[^"]+)"', (await browser.get("/people")).text)
                if one.endswith("unit=complainant"))  # fmt: skip
    listed = (await browser.get(link.replace("&amp;", "&"))).text
    assert listed.count('class="go"') == 2
    assert "无人认领</span>" not in listed
    async with site.services.transaction() as session:
        await session.execute(update(Task).where(Task.instance_id.in_(map(instance_id_of, waiting)))
                              .values(status="completed"))  # fmt: skip
        await positions.refresh(session, waiting)


async def test_leave_without_a_stand_in_is_counted_and_with_one_is_not(
    site: Site, people: dict[str, int], cases: list[str]
) -> None:
    body = {"kind": "sick", "since": "2026-09-21", "until": "2026-09-21"}
    _, leave = await ask(site, "verify", "POST", "/leaves", body)

    async def uncovered() -> int:
        _, rows = await ask(site, "head", "GET", "/people")
        return next(row["away_without_stand_in"] for row in rows if row["person"] == people["verify"])  # type: ignore[attr-defined,union-attr]

    assert await uncovered() == 3
    _, listed = await ask(site, "head", "GET", "/people/tasks?due=uncovered")
    assert len(listed["items"]) == 3  # type: ignore[index]
    given = {"stand_in": "verify2", "since": "2026-09-21", "until": "2026-09-21", "reason": "代班"}
    status, delegation = await ask(site, "verify", "POST", "/delegations", given)
    assert (status, await uncovered()) == (201, 0)
    # A stand-in who is away too covers nothing.
    _, other = await ask(site, "verify2", "POST", "/leaves", body)
    assert await uncovered() == 3
    for row in (leave, other):
        assert (await ask(site, "head", "POST", f"/leaves/{row['id']}/end"))[0] == 204  # type: ignore[index]
    assert (await ask(site, "verify", "POST", f"/delegations/{delegation['id']}/revoke", {"words": "已返岗"}))[0] == 204  # type: ignore[index]


async def test_the_workbook_says_what_the_page_says(site: Site, cases: list[str]) -> None:
    answer = await (await site.signed_in("head")).get("/people.xlsx")
    rows = list(load_workbook(io.BytesIO(answer.content)).active.values)  # type: ignore[union-attr]
    assert rows[2][:4] == ("人员", "单位", "未办结", "已逾期")
    assert next(row for row in rows if row[0] == "核实 乌兰")[2:4] == (3, 2)


OVERSEE = {"lead", "drc", "supervisor", "auditor", "head"}
MOVE = {"head", "supervisor", "admin"}


@pytest.mark.parametrize("login", PEOPLE)
async def test_pages_about_people_open_by_duty(
    site: Site, people: dict[str, int], cases: list[str], login: str
) -> None:
    browser = await site.signed_in(login)
    for path in ("/people", "/people/tasks", "/people.xlsx"):
        numbers = login == "admin" and path != "/people/tasks"
        assert (await browser.get(path)).status_code == (200 if login in OVERSEE or numbers else 403), path
    other = people["verify"] if login != "verify" else people["legal"]
    assert (await browser.get(f"/people/{other}")).status_code == (200 if login in MOVE else 403)
    assert (await browser.get("/standing-in")).status_code == 200
    foreign = (await browser.get(f"/standing-in?person={other}")).status_code
    assert foreign == (200 if login == "head" else 403)
    handles = login in {"accept", "accept2", "verify", "head", "legal", "lead", "drc", "supervisor", "auditor"}
    expected = 200 if handles else 403 if login == "respondent" else 404
    assert (await browser.get(f"/cases/{cases[0]}/recusals")).status_code == expected
    status, _ = await ask(site, login, "POST", f"/cases/{cases[0]}/tasks/11/urge", {})
    urges = login in {"head", "supervisor", "lead"}
    assert status in ((200, 409) if urges else (403,) if handles or login == "respondent" else (404,)), login


async def test_many_people_come_in_pages_and_are_found_by_name_or_unit(
    site: Site, people: dict[str, int], cases: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people_pages, "LISTED", 2)
    browser = await site.signed_in("head")
    first, second = [(await browser.get(f"/people?page={number}")).text for number in (1, 2)]
    assert first.count('<th scope="row">') == 2
    assert first != second
    assert "/people?text=&amp;page=2" in first
    found = (await browser.get("/people?text=萨仁")).text
    assert found.count('<th scope="row">') == 1
    assert "没有符合条件的人员" in (await browser.get("/people?text=没有此人")).text


async def test_a_person_with_more_tasks_than_one_act_takes_hands_over_the_first_of_them(
    site: Site, people: dict[str, int], cases: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leaving_page, "MOST", 2)
    page = (await (await site.signed_in("head")).get(f"/people/{people['verify']}")).text
    assert page.count('name="task"') == 2
    assert "一次移交前2项" in page
    assert "名下未办结的任务 3" in page
