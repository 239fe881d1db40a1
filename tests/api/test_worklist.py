"""Claim, release, transfer; the list's order, filters, paging and number of queries."""

from __future__ import annotations

import asyncio
import itertools
import re
from datetime import timedelta

import pytest_asyncio
from sqlalchemy import event, select, update

from cases.deadlines.lights import light
from cases.intake import instance_id_of
from cases.queries.light import lights_for
from cases.tables.clocks import Deadline
from cases.tables.worklist import Task
from cases.task_positions import refresh_task
from tests.api.region_builder import PACK, REFERRAL, SCREENING, place
from tests.api.web_site import NOW, Site

MANY = 60


@pytest_asyncio.fixture(scope="module")
async def cases(site: Site) -> list[str]:
    async with site.services.transaction() as session:
        return [
            (await place(session, site.services.vault, where, NOW - timedelta(hours=3 * n + 2), NOW))[1]
            for n, where in zip(range(MANY), itertools.cycle((REFERRAL, SCREENING)), strict=False)
        ]  # fmt: skip


def versions(page: str) -> list[str]:
    return re.findall(r'name="task" value="([0-9a-f]+:\d+:\d+)"', page)


async def test_what_is_due_first_stands_first_and_pages_lose_nothing(site: Site, cases: list[str]) -> None:
    token, client = await site.token("accept"), site.browser().client
    seen, after = [], ""
    while True:
        page = (await client.get(f"/api/v1/tasks?size=25&after={after}", headers=token)).json()
        seen += page["items"]
        after = page["next"]
        if after is None:
            break
    assert len({(row["case_id"], row["key"]) for row in seen}) == len(seen) == MANY
    assert [row["due_at"] for row in seen] == sorted(row["due_at"] for row in seen)


async def test_a_light_filters_as_the_rows_show_it(site: Site, cases: list[str]) -> None:
    token, client = await site.token("accept"), site.browser().client
    whole = (await client.get("/api/v1/tasks?size=200", headers=token)).json()["items"]
    for colour in ("red", "yellow", "green"):
        page = (await client.get(f"/api/v1/tasks?size=200&light={colour}", headers=token)).json()["items"]
        assert {row["light"] for row in page} <= {colour}
        assert len(page) == sum(row["light"] == colour for row in whole)


async def test_of_two_who_claim_at_once_one_wins_and_the_other_reads_why(site: Site, cases: list[str]) -> None:
    first, second = await site.token("accept"), await site.token("accept2")
    path = f"/api/v1/cases/{cases[0]}/tasks/11/claim"
    client = site.browser().client
    answers = await asyncio.gather(*(client.post(path, headers=t, json={"row_version": 1}) for t in (first, second)))
    assert sorted(answer.status_code for answer in answers) == [204, 409]
    loser = next(answer for answer in answers if answer.status_code == 409)
    assert loser.headers["content-type"] == "application/problem+json"
    assert loser.json()["detail"]


async def test_many_are_claimed_in_one_go_and_given_back(site: Site, cases: list[str]) -> None:
    browser = await site.signed_in("accept")
    page = await browser.get("/tasks?whose=free")
    chosen = versions(page.text)[:5]
    claimed = await browser.post("/tasks/claim", {"task": chosen, "back": "/tasks?whose=free"})
    assert claimed.headers["location"].startswith("/tasks?whose=free&claimed=")
    said = (await browser.get(claimed.headers["location"])).text
    assert "已认领5项。" in said
    assert "claimed=" not in said.partition("<h1>")[2], "links of the list lead back to the list alone"
    assert "已认领" not in (await (await site.signed_in("accept2")).get(claimed.headers["location"])).text
    mine = await browser.get("/tasks?whose=mine")
    assert all(one.rpartition(":")[0].split(":")[0] in mine.text for one in chosen)
    case, key, version = chosen[0].split(":")
    await browser.get(f"/cases/{case}/tasks/{key}")
    answer = await browser.post(f"/cases/{case}/tasks/{key}/release", {"row_version": str(int(version) + 1)})
    assert answer.status_code == 303


async def test_who_claims_what_somebody_else_has_taken_reads_which_one_and_why(site: Site, cases: list[str]) -> None:
    first, second = await site.signed_in("accept2"), await site.signed_in("accept")
    one, other = versions((await second.get("/tasks?whose=free")).text)[-2:]
    await first.get("/tasks")
    await first.post("/tasks/claim", {"task": [one]})
    answer = await second.post("/tasks/claim", {"task": [one, other], "back": "/tasks"})
    said = (await second.get(answer.headers["location"])).text
    box = said.partition('role="status"')[2].partition("</div>")[0]
    assert "已认领1项。" in box
    assert "没有认领的1项" in box
    assert f'/cases/{one.split(":")[0]}' in box
    assert (await second.post("/tasks/claim", {})).status_code == 422


async def test_a_page_of_the_list_leads_to_the_one_before(site: Site, cases: list[str]) -> None:
    browser = await site.signed_in("accept")
    for address in ("/tasks", "/tasks?sort=newest", "/cases", "/cases?text=投诉"):
        first = (await browser.get(address)).text
        onward = link(first, "next")
        if onward is None:
            continue
        assert link(first, "prev") is None
        second = (await browser.get(onward)).text
        before = link(second, "prev")
        assert before is not None, address
        again = (await browser.get(before)).text
        assert go_to(again) == go_to(first), address
        assert link(again, "prev") is None
        assert link(again, "next") == onward


def link(page: str, way: str) -> str | None:
    found = re.search(rf'rel="{way}" href="([^"]+)"', page)
    return found[1].replace("&amp;", "&") if found else None


def go_to(page: str) -> list[str]:
    return re.findall(r'class="(?:no )?go" href="(/cases/[^?"]+)', page)


async def test_a_transfer_goes_only_to_who_may_take_it(site: Site, cases: list[str]) -> None:
    token, client = await site.token("accept"), site.browser().client
    path = f"/api/v1/cases/{cases[5]}/tasks/11/transfer"
    refused = await client.post(path, headers=token, json={"row_version": 1, "to": "verify", "reason": "出差"})
    assert refused.status_code == 422
    assert set(refused.json()["fields"]) == {"to"}
    given = await client.post(path, headers=token, json={"row_version": 1, "to": "accept2", "reason": "出差"})
    assert given.status_code == 204


async def test_the_list_takes_the_same_queries_however_long_it_is(site: Site, cases: list[str]) -> None:
    counted: list[str] = []

    def count(*args: object) -> None:
        counted.append(str(args[2]))

    event.listen(site.engine.sync_engine, "before_cursor_execute", count)
    token, client = await site.token("accept"), site.browser().client
    numbers = {}
    for path in ("/api/v1/tasks", "/api/v1/cases"):
        for size in (1, 50):
            counted.clear()
            assert (await client.get(f"{path}?size={size}", headers=token)).status_code == 200
            numbers[path, size] = len(counted)
    event.remove(site.engine.sync_engine, "before_cursor_execute", count)
    assert numbers["/api/v1/tasks", 1] == numbers["/api/v1/tasks", 50] <= 8
    assert numbers["/api/v1/cases", 1] == numbers["/api/v1/cases", 50] <= 8


async def test_a_broken_page_mark_is_refused_with_a_sentence(site: Site, cases: list[str]) -> None:
    token, client = await site.token("accept"), site.browser().client
    for mark in ("x", "W10", "WyJ4Il0"):
        answer = await client.get(f"/api/v1/tasks?after={mark}", headers=token)
        assert answer.status_code == 422, answer.text


async def test_the_bound_of_yellow_is_the_one_that_the_deadlines_use(site: Site, cases: list[str]) -> None:
    async with site.services.transaction() as session:
        lights = await lights_for(session, PACK, NOW)
    for hours in range(0, 24 * 12, 7):
        due_at = (NOW + timedelta(hours=hours)).replace(hour=16, minute=0)
        assert lights.of(due_at) == light(NOW, NOW - timedelta(days=3), due_at, lights.calendar).value


async def test_a_caseworker_finds_a_task_by_case_or_respondent_and_may_see_the_newest_first(
    site: Site, cases: list[str]
) -> None:
    token, client = await site.token("accept"), site.browser().client
    whole = (await client.get("/api/v1/tasks?size=200", headers=token)).json()["items"]
    number = whole[7]["case_no"]
    found = (await client.get(f"/api/v1/tasks?text={number[-4:]}", headers=token)).json()["items"]
    assert number in {row["case_no"] for row in found}
    assert all(number[-4:] in row["case_no"] for row in found)
    named = (await client.get("/api/v1/tasks?size=200&text=教育体育", headers=token)).json()["items"]
    assert {row["case_id"] for row in named} == {row["case_id"] for row in whole}
    assert not (await client.get("/api/v1/tasks?text=没有这样的", headers=token)).json()["items"]
    seen: list[str] = []
    after = ""
    while after is not None:
        page = (await client.get(f"/api/v1/tasks?newest=1&size=7&after={after}", headers=token)).json()
        seen += [row["case_id"] for row in page["items"]]
        after = page["next"]
    # The fixture puts each case three hours before the one before.
    mine = {row["case_id"] for row in whole}
    assert seen == [case for case in cases if case in mine]


async def test_the_page_counts_what_the_filter_leaves_keeps_it_under_a_name_and_leads_back_to_the_first(
    site: Site, cases: list[str]
) -> None:
    browser = await site.signed_in("accept")
    page = (await browser.get("/tasks?stage=screening&sort=newest")).text
    number = int(re.search(r"共(\d+)项", page).group(1))  # type: ignore[union-attr]
    assert number == len(set(versions(page))) or number > 0
    saved = await browser.post("/tasks/saved", {"name": "我的审查", "query": "stage=screening&sort=newest&evil=1"})
    assert saved.headers["location"] == "/tasks?stage=screening&sort=newest"
    page = (await browser.get("/tasks")).text
    assert "我的审查" in page
    assert "我的审查" not in (await browser.get("/cases")).text
    key = re.search(r"/tasks/saved/(\d+)/delete", page).group(1)  # type: ignore[union-attr]
    after = re.search(r'rel="next" href="([^"]+)"', page).group(1).replace("&amp;", "&")  # type: ignore[union-attr]
    assert "第一页" in (await browser.get(after)).text
    await browser.post(f"/tasks/saved/{key}/delete", {})
    assert "我的审查" not in (await browser.get("/tasks")).text


async def test_a_task_stands_apart_until_its_follow_up_date(site: Site) -> None:
    async with site.services.transaction() as session:
        receipt, case = await place(session, site.services.vault, SCREENING, NOW - timedelta(hours=3), NOW)

    async def follow_up(hours: int) -> None:
        async with site.services.transaction() as session:
            task = (await session.scalars(select(Task).where(Task.instance_id == instance_id_of(case)))).one()
            task.follow_up_at = NOW + timedelta(hours=hours)
            await session.flush()
            await refresh_task(session, task.instance_id, task.key)

    async def listed() -> bool:
        rows = await site.browser().client.get("/api/v1/tasks?size=200", headers=await site.token("accept"))
        return case in {row["case_id"] for row in rows.json()["items"]}

    browser = await site.signed_in("accept")
    assert await listed()
    await follow_up(1)
    assert not await listed()
    later = (await browser.get("/tasks?whose=later")).text
    assert receipt.case_no in later
    assert "尚未到办理时间" in later
    assert "不早于" in later
    assert "不早于" in (await browser.get(f"/cases/{case}")).text
    await follow_up(24 * 30)
    assert await listed(), "a task that would be late by its follow-up date is not kept from anybody"
    await follow_up(-1)
    assert await listed()


async def test_who_waits_with_a_stopped_clock_is_late_nowhere(site: Site) -> None:
    async with site.services.transaction() as session:
        _, case = await place(session, site.services.vault, REFERRAL, NOW - timedelta(days=40), NOW)
    token, client = await site.token("accept"), site.browser().client

    async def late() -> list[str]:
        page = (await client.get("/api/v1/tasks?size=200&light=red", headers=token)).json()["items"]
        return [row["case_id"] for row in page]

    assert case in await late()
    async with site.services.transaction() as session:
        own = Deadline.instance_id == instance_id_of(case)
        await session.execute(update(Deadline).where(own).values(status="paused"))
        await refresh_task(session, instance_id_of(case), 11)
    assert case not in await late()
    whole = (await client.get("/api/v1/tasks?size=200", headers=token)).json()["items"]
    (row,) = [row for row in whole if row["case_id"] == case]
    assert (row["light"], row["due"], row["due_at"], row["working_days_left"]) == ("none", None, None, None)


async def test_the_tabs_keep_what_was_asked_for_and_count_only_that(site: Site) -> None:
    browser = await site.signed_in("accept")
    page = (await browser.get("/tasks?stage=referral&text=")).text
    tabs = page.partition('class="tabs"')[2].partition("</nav>")[0]
    (red,) = re.findall(r'href="/tasks\?stage=referral&amp;light=red"[^>]*>.*?<b>(\d+)</b>', tabs, re.S)
    shown = (await browser.get("/tasks?stage=referral&light=red")).text
    assert f"共{red}项" in shown
    whole = (await browser.get("/tasks")).text
    (every,) = re.findall(r'href="/tasks\?light=red"[^>]*>.*?<b>(\d+)</b>', whole, re.S)
    assert int(every) >= int(red) > 0
    (first,) = re.findall(r'href="/tasks"[^>]*aria-current="true"[^>]*>全部 <b>(\d+)</b>', whole)
    assert f"共{first}项" in whole


async def test_of_what_is_due_at_one_instant_the_first_received_stands_first(site: Site) -> None:
    async with site.services.transaction() as session:
        placed = [
            (await place(session, site.services.vault, SCREENING, NOW - timedelta(hours=hours), NOW))[1]
            for hours in (2, 4, 3)
        ]
    for case, hours in zip(placed, (2, 4, 3), strict=True):
        async with site.services.transaction() as session:
            task = (await session.scalars(select(Task).where(Task.instance_id == instance_id_of(case)))).one()
            task.due_at, task.deadline_key = NOW + timedelta(days=3), None
            task.created_at = NOW - timedelta(hours=hours)
            await session.flush()
            await refresh_task(session, task.instance_id, task.key)
    rows = await site.browser().client.get("/api/v1/tasks?size=200", headers=await site.token("accept"))
    listed = [row["case_id"] for row in rows.json()["items"] if row["case_id"] in placed]
    assert listed == [placed[1], placed[2], placed[0]]
