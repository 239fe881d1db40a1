"""Doing a task: from the form to the submission, to the execution, to the next page."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest_asyncio
from sqlalchemy import select, update

from api.ports import Sent
from bpmn import codec
from bpmn.events import TaskCompleted
from cases.tables.clocks import Deadline
from cases.tables.worklist import Submission, Task
from tests.api.region_builder import BANNER_GOV, REFERRAL, SCREENING, VERIFICATION, add_letter, place
from tests.api.web_site import NOW, Browser, Site


@pytest_asyncio.fixture
async def case(site: Site) -> str:
    async with site.services.transaction() as session:
        return (await place(session, site.services.vault, REFERRAL, NOW - timedelta(days=1), NOW))[1]


async def submissions(site: Site, case: str) -> list[Submission]:
    async with site.services.transaction() as session:
        rows = await session.scalars(select(Submission).where(Submission.instance_id == f"complaint:{case}"))
        return list(rows)


def field(page: str, key: str) -> str:
    found = re.search(rf'name="(f\.[a-z_]*_{key}_\d+)"', page)
    assert found, key
    return found[1]


async def opened(site: Site, login: str, case: str) -> tuple[Browser, str]:
    browser = await site.signed_in(login)
    page = await browser.get(f"/cases/{case}/tasks/11")
    assert page.status_code == 200, page.text
    return browser, page.text


async def test_an_act_is_stored_told_and_answered_with_the_case(site: Site, case: str) -> None:
    browser, page = await opened(site, "accept", case)
    named = "青原旗人民政府（虚构）"
    (shown,) = re.findall(r'<input[^>]* value="([^"]*)"[^>]* list="units"', page)
    assert shown == named, "the superior is offered by its name, nobody types what the system knows"
    answer = await browser.post(f"/cases/{case}/tasks/11", {field(page, "to"): named})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/cases/{case}?done=1")
    (row,) = await submissions(site, case)
    (sent,) = site.executions.sent
    assert sent[:2] == (row.id, f"complaint:{case}")
    event = codec.load_event(sent[2])
    assert isinstance(event, TaskCompleted)
    assert event.variables["to"] == BANNER_GOV


async def test_a_clock_that_stands_still_shows_no_due_date_anywhere(site: Site, case: str) -> None:
    async with site.services.transaction() as session:
        own = Deadline.instance_id == f"complaint:{case}"
        due = (await session.scalars(select(Deadline.due).where(own))).one()
        words = [{"day": "2026-09-21", "kind": "paused", "zh": "9月21日起中止计算", "en": "clock stopped"}]
        await session.execute(update(Deadline).where(own).values(status="paused", derivation=words))
    assert due is not None
    browser, page = await opened(site, "accept", case)
    for text in (page, (await browser.get(f"/cases/{case}")).text, (await browser.get("/tasks")).text):
        assert "中止计算" in text
        assert f'<b class="date">{due}' not in text
    token = await site.token("accept")
    (clock,) = (await browser.client.get(f"/api/v1/cases/{case}", headers=token)).json()["deadlines"]
    assert (clock["due"], clock["due_at"], clock["derivation"][-1]["kind"]) == (None, None, "paused")


async def test_what_is_wrong_is_said_beside_what_was_typed(site: Site, case: str) -> None:
    browser, page = await opened(site, "accept", case)
    answer = await browser.post(f"/cases/{case}/tasks/11", {field(page, "to"): "不是代码"})
    assert answer.status_code == 422
    assert 'value="不是代码"' in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert await submissions(site, case) == []


async def test_the_same_form_sent_twice_is_one_act(site: Site, case: str) -> None:
    browser, page = await opened(site, "accept", case)
    data = {field(page, "to"): BANNER_GOV, "submission_id": "a" * 24}
    for _ in range(2):
        assert (await browser.post(f"/cases/{case}/tasks/11", data)).status_code == 303
    assert len(await submissions(site, case)) == 1


async def test_a_refusal_of_the_execution_is_a_sentence_and_leaves_nothing_pending(site: Site, case: str) -> None:
    site.executions.refusal = "任务刚刚因期限届满而取消。"
    browser, page = await opened(site, "accept", case)
    answer = await browser.post(f"/cases/{case}/tasks/11", {field(page, "to"): BANNER_GOV})
    assert answer.status_code == 409
    assert site.executions.refusal in answer.text
    assert [row.status for row in await submissions(site, case)] == ["refused"]


async def test_what_is_accepted_and_not_yet_recorded_is_followed(site: Site, case: str) -> None:
    site.executions.answer = Sent(None, pending=True)
    browser, page = await opened(site, "accept", case)
    answer = await browser.post(f"/cases/{case}/tasks/11", {field(page, "to"): BANNER_GOV})
    where = answer.headers["location"]
    assert (await browser.get(where)).status_code == 202
    async with site.services.transaction() as session:
        await session.execute(update(Submission).where(Submission.id == where.rpartition("/")[2]).values(status="done"))
    assert (await browser.get(where)).headers["location"].startswith(f"/cases/{case}")


async def test_an_earlier_act_needs_a_reason_and_counts_from_when_it_happened(site: Site, case: str) -> None:
    browser, page = await opened(site, "accept", case)
    data = {field(page, "to"): BANNER_GOV, "occurred_at": "2026-09-20T15:00"}
    refused = await browser.post(f"/cases/{case}/tasks/11", data)
    assert refused.status_code == 422
    assert "补录" in refused.text
    assert (await browser.post(f"/cases/{case}/tasks/11", {**data, "late_reason": "纸质转交"})).status_code == 303
    (row,) = await submissions(site, case)
    assert row.occurred_at.isoformat() == "2026-09-20T07:00:00+00:00"
    assert row.recorded_at == NOW


async def test_a_task_that_ended_or_is_not_yours_gets_a_sentence(site: Site, case: str) -> None:
    browser, page = await opened(site, "accept", case)
    async with site.services.transaction() as session:
        await session.execute(
            update(Task).where(Task.instance_id == f"complaint:{case}", Task.key == 11).values(status="cancelled")
        )
    answer = await browser.post(f"/cases/{case}/tasks/11", {field(page, "to"): BANNER_GOV})
    assert answer.status_code == 409
    assert "已因期限届满或案件进展而取消" in answer.text
    stranger = await site.signed_in("supervisor")
    await stranger.get("/account")
    assert (await stranger.post(f"/cases/{case}/tasks/11", {})).status_code in (403, 409)


async def test_fields_of_two_acts_with_one_key_do_not_mix(site: Site) -> None:
    async with site.services.transaction() as session:
        _, case = await place(session, site.services.vault, VERIFICATION, NOW - timedelta(days=1), NOW)
    browser, page = await opened(site, "verify", case)
    reasons = re.findall(r'name="(f\.verification_reason_\d+)"', page)
    assert len(set(reasons)) == 2
    data = {"act": "return_referral", reasons[0]: "核实的理由", reasons[-1]: "不属于本级管理"}
    answer = await browser.post(f"/cases/{case}/tasks/11", data)
    assert answer.status_code == 303, answer.text
    (row,) = await submissions(site, case)
    assert row.form["reason"] == "不属于本级管理"


async def test_a_letter_is_edited_and_previewed_before_it_is_passed_on(site: Site) -> None:
    async with site.services.transaction() as session:
        _, case = await place(session, site.services.vault, SCREENING, NOW - timedelta(days=1), NOW)
        letter = await add_letter(session, case, "投诉受理告知书", "complainant", NOW, status="draft", pdf=None)
        task = await session.get(Task, (f"complaint:{case}", 11))
        assert task is not None
        task.name, task.acts, task.form_id, task.inputs = "拟稿", ["draft"], "letter", {"letter_id": letter}
    browser, page = await opened(site, "accept", case)
    body = field(page, "body")
    preview = await browser.post(f"/cases/{case}/letters/{letter}/preview", {body: "改过的正文"})
    assert preview.headers["content-type"] == "application/pdf"
    assert "改过的正文" in preview.content.decode()
    await browser.get(f"/cases/{case}/tasks/11")
    assert (await browser.post(f"/cases/{case}/tasks/11", {body: "改过的正文"})).status_code == 303
    (row,) = await submissions(site, case)
    assert (row.form["letter_id"], row.form["body"]) == (letter, "改过的正文")
