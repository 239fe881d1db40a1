"""Acts on many tasks at once: each task has its own result, and a form sent twice is one run."""

from __future__ import annotations

import asyncio
import re
import secrets
from datetime import timedelta

from sqlalchemy import func, select

from cases.intake import instance_id_of
from cases.tables.letters import Notice
from cases.tables.people import Urging
from cases.tables.worklist import Submission, Task
from tests.api.people_site import ask, cases, people, put, task_of
from tests.api.region_builder import BANNER_GOV, Where
from tests.api.web_site import NOW, Site

__all__ = ["cases", "people"]

EXTENSION = Where("rectification", "extension_decision", "延期审批", "verifying_head", BANNER_GOV, "extension",
                  ("approve_extension", "decline_extension"), "rectification", BANNER_GOV)  # fmt: skip


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
