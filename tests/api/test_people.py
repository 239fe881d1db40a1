"""Who oversees: load per person, the list behind each number, acts on many tasks, and someone who leaves."""

from __future__ import annotations

import asyncio
import io
import re
import secrets
from datetime import timedelta

import pytest
import pytest_asyncio
from openpyxl import load_workbook
from sqlalchemy import func, select, update

from cases.intake import instance_id_of
from cases.people.priority import raise_for
from cases.tables.complaints import CaseNote
from cases.tables.ledger import AuditEntry
from cases.tables.letters import Notice
from cases.tables.organisations import Account, Membership
from cases.tables.people import Urging
from cases.tables.worklist import Submission, Task
from tests.api.region_builder import (
    BANNER_GOV,
    BUREAU,
    PASSWORD_HASH,
    PEOPLE,
    RECTIFICATION,
    VERIFICATION,
    Where,
    place,
)  # fmt: skip
from tests.api.web_site import NOW, Site

EXTENSION = Where("rectification", "extension_decision", "延期审批", "verifying_head", BANNER_GOV, "extension",
                  ("approve_extension", "decline_extension"), "rectification", BANNER_GOV)  # fmt: skip


@pytest_asyncio.fixture(scope="module")
async def people(site: Site) -> dict[str, int]:
    async with site.services.transaction() as session:
        for login, name, posts in (
            ("verify2", "核实 萨仁", [("verifying_dept", BANNER_GOV)]),
            ("both", "两处 任职", [("verifying_dept", BANNER_GOV), ("respondent", BUREAU)]),
        ):
            account = Account(login=login, display_name=name, password_hash=PASSWORD_HASH, active=True)
            session.add(account)
            await session.flush()
            session.add_all(Membership(account_id=account.id, role=role, uscc=unit) for role, unit in posts)
        rows = await session.execute(select(Account.login, Account.id))
        return {row.login: row.id for row in rows}


async def put(site: Site, people: dict[str, int], holder: str | None, days: float, where: Where = VERIFICATION) -> str:
    async with site.services.transaction() as session:
        _, case = await place(session, site.services.vault, where, NOW - timedelta(days=days), NOW)
        await session.execute(
            update(Task)
            .where(Task.instance_id == instance_id_of(case))
            .values(assignee_id=people[holder] if holder else None)
        )
    return case


@pytest_asyncio.fixture(scope="module")
async def cases(site: Site, people: dict[str, int]) -> list[str]:
    ages = [(None, 1), ("verify", 20), ("verify", 20.5), ("verify", 3), ("verify2", 1), ("verify2", 7), (None, 30)]
    return [await put(site, people, holder, days) for holder, days in ages]


async def ask(site: Site, login: str, method: str, path: str, body: object = None) -> tuple[int, object]:
    client = site.browser().client
    answer = await client.request(method, f"/api/v1{path}", headers=await site.token(login), json=body)
    return answer.status_code, answer.json() if answer.content else None


async def bulk(site: Site, login: str, act: str, cases: list[str], **more: object) -> tuple[int, dict]:  # type: ignore[type-arg]
    async with site.services.transaction() as session:
        versions = {
            case: (await session.scalar(select(Task.row_version).where(Task.instance_id == instance_id_of(case)))) or 1
            for case in cases
        }
    body = {
        "token": secrets.token_hex(12), **more,
        "tasks": [{"case_id": case, "key": 11, "row_version": versions[case]} for case in cases],
    }  # fmt: skip
    return await ask(site, login, "POST", f"/bulk/{act}", body)  # type: ignore[return-value]


async def task_of(site: Site, case: str) -> Task:
    async with site.services.transaction() as session:
        task = await session.get(Task, (instance_id_of(case), 11))
        assert task is not None
        return task


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


async def test_urging_reaches_the_holder_once_a_day_however_often_pressed(
    site: Site, people: dict[str, int], cases: list[str]
) -> None:
    token = secrets.token_hex(12)
    chosen = [cases[1], cases[4]]
    first, second = await asyncio.gather(
        *(bulk(site, "supervisor", "urge", chosen, token=token, words="请本周办结") for _ in range(2))
    )
    assert first == second
    assert [one["done"] for one in first[1]["items"]] == [True, True]
    async with site.services.transaction() as session:
        told = await session.scalar(
            select(func.count()).where(Notice.kind == "task_urged", Notice.account_id == people["verify"])
        )
        urged = await session.scalar(select(func.count()).select_from(Urging))
    assert (told, urged) == (1, 2)
    _, again = await bulk(site, "head", "urge", [*chosen, cases[2]])
    assert sorted((one["done"], one["sentence"][:8]) for one in again["items"]) == [
        (False, "今天已经催办过，"), (False, "今天已经催办过，"), (True, "已通知核实 乌兰"),
    ]  # fmt: skip
    site.now = NOW + timedelta(days=1)
    _, tomorrow = await bulk(site, "supervisor", "urge", [cases[1]])
    assert tomorrow["items"][0]["done"]


async def test_reassigning_many_says_for_each_what_became_of_it(
    site: Site, people: dict[str, int], cases: list[str]
) -> None:
    _, answer = await bulk(site, "supervisor", "reassign", [cases[1], cases[4]], to="verify2", words="均衡任务")
    assert sorted((one["done"], one["sentence"]) for one in answer["items"]) == [
        (False, "“核实”已经在核实 萨仁名下。"), (True, "已改派。"),
    ]  # fmt: skip
    assert (await task_of(site, cases[1])).assignee_id == people["verify2"]
    _, barred = await bulk(site, "head", "reassign", [cases[1]], to="both", words="均衡任务")
    assert (barred["items"][0]["done"], "回避" in barred["items"][0]["sentence"]) == (False, True)
    _, other = await bulk(site, "supervisor", "reassign", [cases[1]], to="accept", words="均衡任务")
    assert "不由您所在单位或岗位办理" in other["items"][0]["sentence"]
    _, back = await bulk(site, "head", "reassign", [cases[1]], words="退回重新分配")
    assert (back["items"][0]["done"], (await task_of(site, cases[1])).assignee_id) == (True, None)
    status, empty = await bulk(site, "head", "reassign", [], words="")
    assert (status, set(empty["fields"])) == (422, {"task", "words"})
    _, outsider = await bulk(site, "other", "reassign", [cases[1]], to="verify", words="均衡任务")
    assert outsider["items"][0]["sentence"] == "没有找到这项任务，或者您无权查看。"
    assert outsider["items"][0]["case_no"] == ""
    _, own = await bulk(site, "verify", "reassign", [cases[1]], to="verify2", words="均衡任务")
    assert "由承办单位负责人或者督办人员决定" in own["items"][0]["sentence"]


async def test_extensions_are_approved_as_asked_each_with_its_result(site: Site, people: dict[str, int]) -> None:
    asked, silent = [await put(site, people, None, days, EXTENSION) for days in (10, 11)]
    async with site.services.transaction() as session:
        session.add(
            Submission(
                id=secrets.token_hex(8), instance_id=instance_id_of(asked), act="request_extension", role="respondent",
                form={"days": 15, "clock": "rectification", "reason": "等待财政拨款"}, event="{}",
                occurred_at=NOW, recorded_at=NOW, status="done",
            )
        )  # fmt: skip
    token = secrets.token_hex(12)
    status, answer = await bulk(site, "head", "approve_extension", [asked, silent], token=token, words="情况属实")
    assert status == 200, answer
    found = {one["case_id"]: (one["done"], one["sentence"]) for one in answer["items"]}
    assert found[silent] == (False, "没有查到申请延长的天数，请打开任务逐项办理。")
    assert found[asked] == (True, "已批准延期。")
    async with site.services.transaction() as session:
        row = await session.scalar(select(Submission).where(Submission.act == "approve_extension"))
        assert row is not None
        assert (row.form["days"], row.form["reason"]) == (15, "情况属实")
    sent = len(site.executions.sent)
    assert (await bulk(site, "head", "approve_extension", [asked, silent], token=token, words="情况属实"))[1] == answer
    assert len(site.executions.sent) == sent
    _, refused = await bulk(site, "supervisor", "approve_extension", [silent], words="情况属实")
    assert not refused["items"][0]["done"]


async def test_the_form_without_scripts_leads_to_a_table_of_results(site: Site, cases: list[str]) -> None:
    browser = await site.signed_in("supervisor")
    page = await browser.get("/people/tasks")
    token = re.findall(r'name="token" value="([^"]+)"', page.text)[0]
    value = next(v for v in re.findall(r'name="task" value="([^"]+)"', page.text) if v.startswith(cases[5]))
    nothing = await browser.post("/people/tasks", {"token": token, "task": [value]})
    assert (nothing.status_code, "请选择办理方式" in nothing.text) == (422, True)
    assert f'value="{value}" checked' in nothing.text
    answer = await browser.post("/people/tasks", {"token": token, "bulk": "urge", "task": [value], "words": "请办理"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/bulk/{token}")
    shown = await browser.get(f"/bulk/{token}")
    assert "已通知核实 萨仁" in shown.text
    assert (await (await site.signed_in("head")).get(f"/bulk/{token}")).status_code == 404


async def test_priority_is_raised_with_a_reason_and_sorts_equals(site: Site, people: dict[str, int]) -> None:
    first, second = [await put(site, people, None, 2) for _ in range(2)]
    path = f"/cases/{second}/tasks/11/priority"
    assert (await ask(site, "verify", "POST", path, {"row_version": 1, "priority": 90, "reason": "急"}))[0] == 403
    status, wrong = await ask(site, "head", "POST", path, {"row_version": 1, "priority": 91, "reason": " "})
    assert (status, set(wrong["fields"])) == (422, {"priority", "reason"})  # type: ignore[index]
    given = {"row_version": 1, "priority": 90, "reason": "企业面临停产"}
    assert (await ask(site, "head", "POST", path, given))[0] == 204
    assert (await ask(site, "head", "POST", path, given))[0] == 409
    _, page = await ask(site, "verify", "GET", "/tasks?size=200")
    order = [row["case_id"] for row in page["items"] if row["case_id"] in (first, second)]  # type: ignore[index]
    assert order == [second, first]
    _, urgent = await ask(site, "verify", "GET", "/tasks?urgent=true")
    assert [row["case_id"] for row in urgent["items"]] == [second]  # type: ignore[index]
    async with site.services.transaction() as session:
        raised = await raise_for(
            session, instance_id_of(first), first, f"verifying_dept@{BANNER_GOV}", "overdue_3", NOW
        )
        untouched = await raise_for(
            session, instance_id_of(second), second, f"verifying_dept@{BANNER_GOV}", "overdue_3", NOW
        )
    assert (raised, untouched) == ([11], [])
    assert (await task_of(site, first)).priority == 70


async def test_notes_on_a_task_stay_inside(site: Site, people: dict[str, int]) -> None:
    async with site.services.transaction() as session:
        receipt, case = await place(session, site.services.vault, RECTIFICATION, NOW - timedelta(days=4), NOW)
    path = f"/cases/{case}/tasks/11/notes"
    assert (await ask(site, "verify", "POST", path, {"body": "内部：先核对付款凭证"}))[0] == 201
    assert (await ask(site, "verify", "POST", path, {"body": "  "}))[0] == 422
    assert (await ask(site, "respondent", "POST", path, {"body": "x"}))[0] == 403
    assert (await ask(site, "respondent", "GET", path))[0] == 403
    _, notes = await ask(site, "head", "GET", path)
    assert [(note["author"], note["body"]) for note in notes] == [("核实 乌兰", "内部：先核对付款凭证")]  # type: ignore[attr-defined,union-attr]
    for login, seen in (("verify", True), ("respondent", False)):
        browser = await site.signed_in(login)
        for address in (f"/cases/{case}", f"/cases/{case}/tasks/11"):
            assert ("先核对付款凭证" in (await browser.get(address)).text) is seen, (login, address)
    visitor = site.browser()
    await visitor.get("/follow")
    await visitor.post("/follow", {"case_no": receipt.case_no, "code": receipt.access_code or ""})
    followed = await visitor.get("/follow/case")
    assert (followed.status_code, "先核对付款凭证" in followed.text) == (200, False)
    async with site.services.transaction() as session:
        acts = await session.scalars(select(AuditEntry.act).where(AuditEntry.complaint_id == case))
        assert list(acts).count("task_note") == 1


async def test_nobody_leaves_with_tasks_in_hand(site: Site, people: dict[str, int]) -> None:
    async with site.services.transaction() as session:
        account = Account(login="leaver", display_name="将离 金花", password_hash=PASSWORD_HASH, active=True)
        session.add(account)
        await session.flush()
        session.add(Membership(account_id=account.id, role="verifying_dept", uscc=BANNER_GOV))
        people["leaver"] = account.id
    mine = [await put(site, people, "leaver", days) for days in (1, 2, 3)]
    browser = await site.signed_in("head")
    base = f"/people/{people['leaver']}"
    await browser.get(base)
    refused = await browser.post(f"{base}/close", {"reason": "调离"})
    assert refused.status_code == 409
    assert "名下还有3项未办结的任务" in refused.text
    values = re.findall(r'name="task" value="([^"]+)"', refused.text)
    assert len(values) == 3
    token = re.findall(r'name="token" value="([^"]+)"', refused.text)[0]
    async with site.services.transaction() as session:
        moved = await session.get(Task, (instance_id_of(mine[0]), 11))
        assert moved is not None
        moved.row_version += 1
    answer = await browser.post(
        f"{base}/handover", {"token": token, "task": values, "to": "verify2", "reason": "人员调离"}
    )
    shown = (await browser.get(answer.headers["location"])).text
    assert shown.count("已移交。") == 2
    assert "刚刚有了变动" in shown
    left = await browser.get(base)
    rest = re.findall(r'name="task" value="([^"]+)"', left.text)
    token = re.findall(r'name="token" value="([^"]+)"', left.text)[0]
    await browser.post(f"{base}/handover", {"token": token, "task": rest, "to": "", "reason": "人员调离"})
    assert {(await task_of(site, case)).assignee_id for case in mine} == {people["verify2"], None}
    leaver = await site.signed_in("leaver")
    assert (await browser.post(f"{base}/close", {"reason": ""})).status_code == 422
    assert (await browser.post(f"{base}/close", {"reason": "调离"})).status_code == 303
    assert (await leaver.get("/tasks")).headers["location"].startswith("/login")
    async with site.services.transaction() as session:
        note = await session.scalar(select(CaseNote).where(CaseNote.complaint_id == mine[1]))
        assert note is not None
        assert note.body == "人员调离"
    assert (await browser.post(f"{base}/reopen")).status_code == 303


async def test_a_post_moves_to_another_unit_only_when_nothing_is_in_hand(site: Site, people: dict[str, int]) -> None:
    case = await put(site, people, "verify2", 1)
    admin, head = await site.signed_in("admin"), await site.signed_in("head")
    base = f"/people/{people['verify2']}"
    async with site.services.transaction() as session:
        post = await session.scalar(select(Membership.id).where(Membership.account_id == people["verify2"]))
    for browser in (admin, head):
        await browser.get(base)
    assert (await admin.post(f"{base}/post", {"post": str(post), "unit": BUREAU})).status_code == 409
    async with site.services.transaction() as session:
        await session.execute(update(Task).where(Task.assignee_id == people["verify2"]).values(assignee_id=None))
    assert (await head.post(f"{base}/post", {"post": str(post), "unit": BUREAU})).status_code == 403
    assert (await admin.post(f"{base}/post", {"post": str(post), "unit": "X"})).status_code == 422
    assert (await admin.post(f"{base}/post", {"post": str(post), "unit": BUREAU})).status_code == 303
    status, _ = await ask(site, "verify2", "POST", f"/cases/{case}/tasks/11/claim", {"row_version": 1})
    assert status == 403
    assert (await admin.get(base)).status_code == 200
    assert (await admin.get("/people/tasks")).status_code == 403
    assert (await admin.get("/people")).status_code == 200


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
