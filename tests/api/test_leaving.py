"""Who leaves or changes post has no task left in that name."""

from __future__ import annotations

import re

from sqlalchemy import select, update

from cases import positions
from cases.intake import instance_id_of
from cases.tables.complaints import CaseNote
from cases.tables.organisations import Account, Membership
from cases.tables.worklist import Task
from tests.api.people_site import ask, people, put, task_of
from tests.api.region_builder import BANNER_GOV, BUREAU, PASSWORD_HASH
from tests.api.web_site import Site

__all__ = ["people"]

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
        await positions.refresh(session, [case])
    assert (await head.post(f"{base}/post", {"post": str(post), "unit": BUREAU})).status_code == 403
    assert (await admin.post(f"{base}/post", {"post": str(post), "unit": "X"})).status_code == 422
    assert (await admin.post(f"{base}/post", {"post": str(post), "unit": BUREAU})).status_code == 303
    status, _ = await ask(site, "verify2", "POST", f"/cases/{case}/tasks/11/claim", {"row_version": 1})
    assert status == 403
    assert (await admin.get(base)).status_code == 200
    assert (await admin.get("/people/tasks")).status_code == 403
    assert (await admin.get("/people")).status_code == 200
