"""Stand-ins and leave: who sees what, both names everywhere, days that end by themselves."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from cases.intake import instance_id_of
from cases.recorder import Applied, seal
from cases.submissions import actor_ref
from cases.tables.engine import Instance
from cases.tables.ledger import AuditEntry
from cases.tables.letters import Notice
from cases.tables.worklist import Submission, Task
from tests.api.entrusted import VERIFIED, case, complete, delegate, listed, people, revoke
from tests.api.region_builder import (
    LEAD,
    REFERRAL,
    SCREENING,
    place,
)  # fmt: skip
from tests.api.web_site import NOW, Site

__all__ = ["case", "people"]


async def test_a_stand_in_sees_the_tasks_marked_and_both_names_are_kept(
    site: Site, people: dict[str, int], case: str
) -> None:
    assert await listed(site, "verify2", case) is None
    given = await delegate(site, "verify", grave=True)
    row = await listed(site, "verify2", case)
    assert row is not None
    assert row["on_behalf_of"] == "核实 乌兰"
    page = await (await site.signed_in("verify2")).get("/tasks")
    assert "代 核实 乌兰" in page.text
    status, submission = await complete(site, "verify2", case, "verify", VERIFIED)
    assert status == 200, submission
    async with site.services.transaction() as session:
        stored = await session.get(Submission, submission)
        assert stored is not None
        assert (stored.account_id, stored.on_behalf_of, stored.delegation_id) == (
            people["verify2"], people["verify"], given,
        )  # fmt: skip
        actor = f"account:{people['verify2']} for account:{people['verify']}"
        assert actor_ref(stored) == actor == site.executions.sent[-1][3]
        instance = await session.get(Instance, instance_id_of(case))
        assert instance is not None
        await seal(session, instance, Applied(1, "", "", "", stored.id, actor), NOW)
        entry = await session.scalar(
            select(AuditEntry).where(AuditEntry.complaint_id == case).order_by(AuditEntry.number.desc()).limit(1)
        )
        assert entry is not None
        assert (entry.actor, entry.facts["on_behalf_of"]) == (actor, people["verify"])
    await revoke(site, "verify", given)


async def test_a_claim_of_a_stand_in_lies_in_the_name_of_the_absent(
    site: Site, people: dict[str, int], case: str
) -> None:
    given = await delegate(site, "verify", grave=True)
    client, token = site.browser().client, await site.token("verify2")
    answer = await client.post(f"/api/v1/cases/{case}/tasks/11/claim", headers=token, json={"row_version": 1})
    assert answer.status_code == 204
    async with site.services.transaction() as session:
        task = await session.get(Task, (instance_id_of(case), 11))
        assert task is not None
        assert task.assignee_id == people["verify"]
    await revoke(site, "verify2", given)
    assert await listed(site, "verify2", case) is None
    row = await listed(site, "verify", case)
    assert row is not None
    assert (row["assignee"], row["on_behalf_of"]) == ("核实 乌兰", None)


async def test_a_delegation_ends_by_itself_after_its_last_day(site: Site, case: str) -> None:
    given = await delegate(site, "verify", grave=True)
    # 23:59 of the last day in Shanghai, and one minute later.
    site.now = NOW.replace(day=23, hour=15, minute=59)
    assert await listed(site, "verify2", case) is not None
    site.now += timedelta(minutes=1)
    assert await listed(site, "verify2", case) is None
    status, sentence = await complete(site, "verify2", case, "verify", VERIFIED)
    assert (status, "不由您所在单位或岗位办理" in sentence) == (403, True)
    answer = await site.browser().client.post(
        f"/api/v1/delegations/{given}/revoke", headers=await site.token("verify"), json={"words": "到期"}
    )
    assert answer.status_code == 409
    site.now = NOW
    await revoke(site, "verify", given)


async def test_grave_acts_need_words_of_their_own(site: Site, case: str) -> None:
    given = await delegate(site, "verify")
    row = await listed(site, "verify2", case)
    assert row is not None, "returning a referral is no grave act, so the task is offered"
    status, sentence = await complete(site, "verify2", case, "verify", VERIFIED)
    assert status == 403
    assert "重大办理动作" in sentence
    assert "核实 乌兰" in sentence
    await revoke(site, "head", given)


async def test_scope_by_role_and_unit_narrows_what_is_seen(site: Site, case: str) -> None:
    given = await delegate(site, "head", stand_in="verify2", roles=["head"], grave=True)
    assert await listed(site, "verify2", case) is None
    await revoke(site, "head", given)
    token, client = await site.token("verify"), site.browser().client
    body = {"stand_in": "verify2", "since": "2026-09-21", "until": "2026-09-22", "reason": "出差"}
    for more, field in (
        ({"units": [LEAD]}, "units"), ({"roles": ["supervisor"]}, "roles"), ({"stand_in": "verify"}, "stand_in"),
        ({"stand_in": "accept"}, "stand_in"), ({"stand_in": "nosuch"}, "stand_in"), ({"reason": " "}, "reason"),
        ({"until": "2026-09-20"}, "until"), ({"since": "2026-09-01", "until": "2026-09-02"}, "until"),
        ({"until": "2028-01-01"}, "until"),
    ):  # fmt: skip
        answer = await client.post("/api/v1/delegations", headers=token, json={**body, **more})
        assert (answer.status_code, set(answer.json()["fields"])) == (422, {field}), more


@pytest.mark.parametrize(("by", "status"), [("head", 201), ("legal", 403), ("supervisor", 403), ("accept", 403)])
async def test_only_the_person_or_the_head_delegates(
    site: Site, people: dict[str, int], by: str, status: int
) -> None:
    body = {
        "stand_in": "verify2", "since": "2026-09-21", "until": "2026-09-21", "reason": "病假",
        "person": people["verify"],
    }  # fmt: skip
    client = site.browser().client
    answer = await client.post("/api/v1/delegations", headers=await site.token(by), json=body)
    assert answer.status_code == status
    if status == 201:
        await revoke(site, by, answer.json()["id"])


async def test_leave_brings_the_standing_pair_in_and_ends_with_it(
    site: Site, people: dict[str, int], case: str
) -> None:
    client, token = site.browser().client, await site.token("verify")
    named = await client.put("/api/v1/standing-in/pair", headers=token, json={"stand_in": "verify2"})
    assert named.status_code == 204
    body = {"kind": "annual", "since": "2026-09-21", "until": "2026-09-25", "grave": True}
    taken = await client.post("/api/v1/leaves", headers=token, json=body)
    assert taken.status_code == 201, taken.text
    assert taken.json()["delegation"]
    again = await client.post("/api/v1/leaves", headers=token, json=body)
    assert (again.status_code, set(again.json()["fields"])) == (422, {"since"})
    assert await listed(site, "verify2", case) is not None
    async with site.services.transaction() as session:
        told = await session.scalars(
            select(Notice.body).where(Notice.account_id == people["verify2"], Notice.kind == "stand_in_named")
        )
        assert any("AB岗：年休" in body for body in told)
    # Who is away cannot be a stand-in for others on the same days.
    head = await site.token("head")
    refused = await client.post(
        "/api/v1/delegations", headers=head,
        json={"stand_in": "verify", "since": "2026-09-22", "until": "2026-09-22", "reason": "开会"},
    )  # fmt: skip
    assert "不在岗" in refused.json()["fields"]["stand_in"]
    ended = await client.post(f"/api/v1/leaves/{taken.json()['id']}/end", headers=token)
    assert ended.status_code == 204
    assert await listed(site, "verify2", case) is None
    await client.put("/api/v1/standing-in/pair", headers=token, json={"stand_in": ""})


async def test_leave_without_a_pair_is_covered_when_a_pair_is_named(site: Site, case: str) -> None:
    client, token = site.browser().client, await site.token("verify")
    body = {"kind": "sick", "since": "2026-09-21", "until": "2026-09-22"}
    taken = (await client.post("/api/v1/leaves", headers=token, json=body)).json()
    assert taken["delegation"] is None
    await client.put("/api/v1/standing-in/pair", headers=token, json={"stand_in": "verify2"})
    assert await listed(site, "verify2", case) is not None
    await client.post(f"/api/v1/leaves/{taken['id']}/end", headers=token)
    await client.put("/api/v1/standing-in/pair", headers=token, json={"stand_in": ""})


async def test_a_stand_in_of_the_accepting_department_works_without_scripts(site: Site) -> None:
    async with site.services.transaction() as session:
        _, case = await place(session, site.services.vault, SCREENING, NOW - timedelta(hours=3), NOW)
        await place(session, site.services.vault, REFERRAL, NOW - timedelta(days=2), NOW)
    browser = await site.signed_in("accept")
    await browser.get("/standing-in")
    wrong = await browser.post("/standing-in/delegate", {"stand_in": "lead", "since": "2026-09-21", "until": "x"})
    assert wrong.status_code == 422
    given = {"stand_in": "lead", "since": "2026-09-21", "until": "2026-09-22", "reason": "培训", "grave": "on"}
    answer = await browser.post("/standing-in/delegate", given)
    assert answer.status_code == 303, answer.text
    shown = await browser.get(answer.headers["location"])
    assert "已通知受托人" in shown.text
    assert "包括重大办理动作" in shown.text
    other = await site.signed_in("lead")
    assert "代 受理 包文" in (await other.get("/tasks?whose=entrusted")).text
    page = await other.get(f"/cases/{case}/tasks/11")
    assert "代 受理 包文" in page.text
    token = await site.token("accept")
    found = (await site.browser().client.get("/api/v1/standing-in", headers=token)).json()
    await revoke(site, "lead", found["delegations"][0]["id"])
