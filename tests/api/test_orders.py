"""Supervision orders through the pages: issuing, the ledger, its counts, and who may see and do what."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from openpyxl import load_workbook
from sqlalchemy import select, update

from cases import positions
from cases.orders.states import AWAITING, CHECKING, CLOSED
from cases.tables.orders import OrderCase, SupervisionOrder
from cases.tables.worklist import Task
from tests.api import region_builder as region
from tests.api.web_site import NOW, Site

REASON = {"kind": "supervision", "addressee": "holder", "reason": "核实期限已过", "demand": "作出核实结论"}


async def case(site: Site, where: region.Where = region.VERIFICATION, **more: str) -> str:
    async with site.services.transaction() as session:
        _, case_id = await region.place(session, site.services.vault, where, NOW - timedelta(days=20), NOW, **more)
    return case_id


async def order(site: Site, state: str = AWAITING, due: bool = True, **changes: object) -> SupervisionOrder:
    """An order that stands at ``state`` with a clock of its own, as the projections would write it."""
    case_id = await case(site)
    browser = await site.signed_in("supervisor")
    await browser.get(f"/orders/new?case={case_id}")
    await browser.post("/orders/new", {**REASON, "case": case_id, "key": case_id})
    async with site.services.transaction() as session:
        found = await session.scalar(
            select(SupervisionOrder)
            .join(OrderCase, OrderCase.order_id == SupervisionOrder.id)
            .where(OrderCase.complaint_id == case_id)
        )
        assert found is not None
        served = NOW - timedelta(days=14)
        await session.execute(
            update(SupervisionOrder)
            .where(SupervisionOrder.id == found.id)
            .values(**{"state": state, "served_at": served, **changes})
        )
        if due:
            await region.add_deadline(session, found.instance_id, 5, "supervision_reply", served)
    async with site.services.transaction() as session:
        return await session.get_one(SupervisionOrder, found.id)


async def test_a_supervisor_issues_one_order_from_a_case_and_the_same_page_sent_twice_is_one(site: Site) -> None:
    case_id = await case(site)
    browser = await site.signed_in("supervisor")
    assert f"/orders/new?case={case_id}" in (await browser.get(f"/cases/{case_id}")).text
    page = await browser.get(f"/orders/new?case={case_id}")
    key = re.search(r'name="key" value="(\w+)"', page.text)
    assert key is not None
    sent = {**REASON, "case": case_id, "key": key[1]}
    first, second = await browser.post("/orders/new", sent), await browser.post("/orders/new", sent)
    assert first.status_code == 303
    assert first.headers["location"] == second.headers["location"]
    shown = (await browser.get(first.headers["location"])).text
    assert "青原旗人民政府" in shown
    assert "拟稿中" in shown
    assert region.FIRM_NAME not in shown


async def test_from_a_selection_every_case_gets_an_order_or_a_reason(site: Site) -> None:
    own, other = await case(site), await case(site)
    far = await case(site, region.Where(**{**vars(region.VERIFICATION), "verifying": region.LEAD}))
    browser = await site.signed_in("supervisor")
    assert 'name="case"' in (await browser.get("/cases?status=all_open")).text
    await browser.get(f"/orders/new?case={own}&case={other}&case={far}")
    answer = await browser.post("/orders/new", {**REASON, "case": [own, other, far], "key": "selection"})
    assert answer.status_code == 200
    assert "已登记1个督办件" in answer.text
    assert "不能向本单位发出督办件" in answer.text


async def test_what_is_missing_is_said_beside_what_was_typed(site: Site) -> None:
    case_id = await case(site)
    browser = await site.signed_in("supervisor")
    await browser.get(f"/orders/new?case={case_id}")
    answer = await browser.post(
        "/orders/new", {**REASON, "case": case_id, "shown": case_id, "key": "x", "reason": " ", "reply_days": "0.5"}
    )
    assert answer.status_code == 422
    assert "请填写督办事由" in answer.text
    assert "半日和小时不能计算" in answer.text
    assert "作出核实结论" in answer.text


async def test_nobody_else_issues_orders(site: Site) -> None:
    for login in ("verify", "respondent", "accept", "auditor"):
        browser = await site.signed_in(login)
        assert (await browser.get("/orders/new")).status_code == 403
        assert (await browser.post("/orders/new", dict(REASON))).status_code == 403


async def test_every_number_of_the_ledger_opens_the_list_it_counts(site: Site) -> None:
    await order(site)
    await order(site, CHECKING, due=False)
    await order(site, CLOSED, due=False, ended_at=NOW)
    await order(site, kind="listed")
    browser = await site.signed_in("supervisor")
    page = (await browser.get("/orders")).text
    figures = re.findall(r'<a class="figure[^"]*" href="([^"]+)"><b>(\d+)</b>', page)
    assert len(figures) == 8
    for address, number in figures:
        listed = (await browser.get(address.replace("&amp;", "&"))).text
        assert listed.count('class="no go"') == int(number), address
    board = (await browser.get("/board")).text
    assert re.search(r'href="/orders\?state=open"><b>(\d+)</b>', board)


async def test_a_listed_order_shows_its_days_open_in_both_ways_of_counting(site: Site) -> None:
    row = await order(site, kind="listed")
    browser = await site.signed_in("supervisor")
    # From Monday 7 September to Monday 21 September with Sunday 20 September worked.
    assert "14日（11个工作日）" in (await browser.get(f"/orders/{row.id}")).text
    assert "14日（11个工作日）" in (await browser.get("/orders?kind=listed")).text


async def test_the_filters_the_workbook_and_the_print_view_show_the_same_orders(site: Site) -> None:
    row = await order(site)
    browser = await site.signed_in("supervisor")
    query = f"text={row.number}&issuer=云岭盟发展改革委&addressee={region.BANNER_GOV}&since=2026-09-01&until=2026-12-31"
    assert (await browser.get(f"/orders?{query}")).text.count('class="no go"') == 1
    assert (await browser.get(f"/orders?{query}&state=closed")).text.count("没有符合条件的督办件") == 1
    answer = await browser.get(f"/orders.xlsx?{query}")
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    lines = [[cell.value for cell in line] for line in sheet.iter_rows()]
    assert lines[2][0] == "督办件编号"
    assert [line[0] for line in lines[3:]] == [row.number]
    assert row.number in (await browser.get(f"/orders/print?{query}")).text


@pytest.mark.parametrize(
    ("login", "status"),
    [("supervisor", 200), ("verify", 200), ("drc", 200), ("auditor", 200), ("other", 404), ("respondent", 404)],
)
async def test_who_sees_an_order(site: Site, login: str, status: int) -> None:
    row = await order(site)
    browser = await site.signed_in(login)
    assert (await browser.get(f"/orders/{row.id}")).status_code == status
    listed = (await browser.get(f"/orders?text={row.number}")).text
    assert (f'href="/orders/{row.id}"' in listed) is (status == 200)


async def test_the_addressee_adds_papers_until_it_has_answered_and_the_issuer_reads_them(site: Site) -> None:
    row = await order(site)
    browser, issuer = await site.signed_in("verify"), await site.signed_in("supervisor")
    await browser.get(f"/orders/{row.id}")
    files = {"file": ("核实结论.pdf", b"%PDF-1.7 reply", "application/pdf")}
    assert (await browser.post(f"/orders/{row.id}/documents", files=files)).status_code == 303
    link = re.search(r"/orders/\w+/documents/\w+", (await issuer.get(f"/orders/{row.id}")).text)
    assert link is not None
    assert (await issuer.get(link[0])).content == b"%PDF-1.7 reply"
    wrong = {"file": ("x.exe", b"MZ", "application/octet-stream")}
    assert "格式不在接收范围内" in (await browser.post(f"/orders/{row.id}/documents", files=wrong)).text
    assert (await issuer.post(f"/orders/{row.id}/documents", files=files)).status_code == 403
    async with site.services.transaction() as session:
        await session.execute(update(SupervisionOrder).where(SupervisionOrder.id == row.id).values(state=CHECKING))
    await browser.get(f"/orders/{row.id}")
    assert (await browser.post(f"/orders/{row.id}/documents", files=files)).status_code == 409


async def test_by_program_an_order_is_issued_listed_and_its_task_is_never_taken_for_one_of_the_case(site: Site) -> None:
    case_id = await case(site)
    supervisor, verifier = await site.token("supervisor"), await site.token("verify")
    client = site.browser().client
    wish = {"key": f"program-{case_id}", "case_ids": [case_id], "reason": "逾期", "demand": "答复"}
    answer = await client.post("/api/v1/orders", json=wish, headers=supervisor)
    assert answer.status_code == 201
    (order_id,) = answer.json()["order_ids"]
    assert (await client.post("/api/v1/orders", json=wish, headers=supervisor)).json()["order_ids"] == [order_id]
    number = (await client.get(f"/api/v1/orders/{order_id}", headers=verifier)).json()["number"]
    rows = (await client.get(f"/api/v1/orders?text={number}", headers=verifier)).json()["items"]
    assert [row["order_id"] for row in rows] == [order_id]
    async with site.services.transaction() as session:
        row = await session.get_one(SupervisionOrder, order_id)
        session.add(
            Task(
                instance_id=row.instance_id, key=11, graph_hash="x", element_id="reply_task", name="督办答复",
                acts=["reply_order"], candidates=[f"verifying_dept@{region.BANNER_GOV}"], unit=region.BANNER_GOV,
                form_id="reply_order", priority=50, inputs={}, properties={}, deadline_key=None, due_at=None,
                created_at=NOW,
            )
        )  # fmt: skip
        await positions.refresh(session, [case_id])
    listed = (await client.get("/api/v1/tasks?size=200", headers=verifier)).json()["items"]
    mine = [task for task in listed if task["order_id"] == order_id]
    assert [task["name"] for task in mine] == ["督办答复"]
    claim = {"row_version": 1}
    address = f"/api/v1/cases/{case_id}/tasks/11/claim"
    assert (await client.post(f"{address}?order={order_id}", json=claim, headers=verifier)).status_code == 204
    async with site.services.transaction() as session:
        of_order = await session.get_one(Task, (row.instance_id, 11))
        of_case = await session.get_one(Task, (f"complaint:{case_id}", 11))
    assert of_order.assignee_id is not None
    assert of_case.assignee_id is None
    other = await case(site)
    crossed = f"/api/v1/cases/{other}/tasks/11/claim?order={order_id}"
    assert (await client.post(crossed, json=claim, headers=verifier)).status_code == 404
    page = await site.signed_in("verify")
    assert f"/orders/{order_id}/tasks/11" in (await page.get("/tasks")).text
    shown = (await page.get(f"/orders/{order_id}/tasks/11")).text
    assert "办理情况、结果和下一步安排" in shown
    answer = await page.post(
        f"/orders/{order_id}/tasks/11",
        {"act": "reply_order", "f.reply_order_words_0": "已办结", "submission_id": "s1" * 6},
    )
    assert answer.headers["location"].startswith(f"/orders/{order_id}")
    assert site.executions.sent[-1][1] == row.instance_id
