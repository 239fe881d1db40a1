"""Each user's main jobs in a real Chromium, on a desk and on a telephone, and what axe says about each page."""

from __future__ import annotations

import asyncio
import platform
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
import pytest_asyncio
import uvicorn
from playwright.async_api import Browser, Dialog, Page, Route, async_playwright
from sqlalchemy import update

from cases.tables.complaints import Complaint, FurtherContract
from cases.tables.worklist import Submission
from tests.api.region_builder import (
    FIRM,
    FIRM_NAME,
    LEAD,
    PASSWORD,
    RECTIFICATION,
    REFERRAL,
    SCREENING,
    VERIFICATION,
    add_deadline,
    add_letter,
    add_open_act,
    place,
)  # fmt: skip
from tests.api.web_site import NOW, Site
from tests.pages.browser import ARGUMENTS, AXE, unpack

pytestmark = pytest.mark.skipif(
    platform.machine() != "x86_64" or platform.system() != "Linux",
    reason="the Chromium of the lock file is for Linux on x86-64",
)


@dataclass
class Served:
    address: str
    browser: Browser
    case: str
    verified: str
    case_no: str
    code: str

    async def page(self, width: int = 1280, *, scripts: bool = True) -> Page:
        context = await self.browser.new_context(viewport={"width": width, "height": 900}, java_script_enabled=scripts)
        page = await context.new_page()
        page.set_default_timeout(15_000)
        return page

    async def signed_in(self, login: str, width: int = 1280, *, scripts: bool = True) -> Page:
        page = await self.page(width, scripts=scripts)
        await page.goto(f"{self.address}/login")
        await page.fill("#login", login)
        await page.fill("#password", PASSWORD)
        await page.click("main button")
        await page.wait_for_url("**/tasks")
        return page


@pytest_asyncio.fixture(scope="module")
async def served(site: Site, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    chromium = await asyncio.to_thread(unpack, tmp_path_factory.mktemp("chromium"))
    async with site.services.transaction() as session:
        vault = site.services.vault
        for hours in range(8):
            await place(session, vault, SCREENING, NOW - timedelta(hours=9 * hours + 20), NOW)
        receipt, case = await place(session, vault, REFERRAL, NOW - timedelta(days=9), NOW)
        await add_open_act(session, case, 50, "撤回投诉", "withdraw", f'["complainant@{case}"]')
        await add_letter(session, case, "投诉受理告知书", "complainant", NOW - timedelta(days=1))
        await add_deadline(session, f"complaint:{case}", 60, "review_request", NOW - timedelta(days=30))
        within = {"jiannuo:within": "review_request"}
        await add_open_act(session, case, 61, "申请复核", "request_review", f'["complainant@{case}"]', **within)
        _, verified = await place(session, vault, VERIFICATION, NOW - timedelta(days=4), NOW)
        session.add(FurtherContract(complaint_id=verified, number=2, contract_no="QYZC-9"))
        session.add(
            Submission(
                id="answer", instance_id=f"complaint:{verified}", act="give_opinion", role="verifying_dept", unit=LEAD,
                form={"words": "资金已经到位。"}, event="{}", occurred_at=NOW, recorded_at=NOW, status="done",
            )
        )  # fmt: skip
        await session.execute(
            update(Complaint).where(Complaint.id.in_([case, verified])).values(joint_no="NMG-2026-900001")
        )
        # Ends in a year without an official calendar, so that the provisional mark is on the page.
        await add_deadline(session, f"complaint:{verified}", 20, "rectification", NOW + timedelta(days=80))
        await place(session, vault, RECTIFICATION, NOW - timedelta(days=20), NOW)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        config = uvicorn.Config(site.app, log_level="error", lifespan="off")
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve([listener]))
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(
                executable_path=chromium.path, args=list(ARGUMENTS), env=dict(chromium.environment)
            )
            address = f"http://127.0.0.1:{listener.getsockname()[1]}"
            yield Served(address, browser, case, verified, receipt.case_no, receipt.access_code or "")
            await browser.close()
        server.should_exit = True
        await serving


async def test_a_caseworker_takes_the_most_urgent_task_and_does_it(served: Served, site: Site) -> None:
    page = await served.signed_in("accept")
    await page.keyboard.press("j")
    await page.keyboard.press("Enter")
    await page.wait_for_selector("h1:has-text('线索转交')")
    assert await page.input_value("input[list=units]") == "青原旗人民政府（虚构）"
    await page.click(".why summary")
    assert "届满" in await page.inner_text(".why-body")
    await page.click("form.sheet button:not([formaction])")
    await page.wait_for_url("**/cases/*?done=*")
    assert site.executions.sent[-1][1] == f"complaint:{served.case}"


async def test_after_a_task_enter_leads_to_the_next_and_the_list_waits_at_its_row(served: Served) -> None:
    page = await served.signed_in("accept")
    await page.goto(f"{served.address}/tasks?stage=screening")
    await page.keyboard.press("j")
    async with page.expect_navigation():
        await page.keyboard.press("Enter")
    await page.check("input[value=accept]")
    await page.locator("form.sheet textarea:visible").first.fill("属于受理范围。")
    await page.click("form.sheet button:not([formaction])")
    await page.wait_for_url("**/cases/*?done=*")
    onward = await page.get_attribute(".onward a.button", "href")
    async with page.expect_navigation():
        await page.keyboard.press("Enter")
    assert page.url == f"{served.address}{onward}"
    await page.click(".crumbs a")
    await page.wait_for_url("**/tasks?stage=screening#t-*")
    assert onward is not None
    await page.wait_for_function("wanted => document.activeElement.getAttribute('href') === wanted", arg=onward)
    second = await page.evaluate("document.activeElement.closest('tr').rowIndex")
    await page.keyboard.press("j")
    assert await page.evaluate("document.activeElement.closest('tr').rowIndex") == second + 1


async def test_a_long_text_is_not_left_behind_unasked(served: Served) -> None:
    page = await served.signed_in("verify")
    await page.goto(f"{served.address}/cases/{served.verified}/tasks/11")
    await page.check("input[value=verify]")
    await page.locator("form.sheet textarea >> nth=0").press_sequentially("写了一半")
    asked: list[str] = []

    async def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        await dialog.accept()

    page.once("dialog", stay)
    async with page.expect_navigation():
        await page.click(".crumbs a >> nth=0")
    assert asked == ["beforeunload"]


async def test_the_form_shows_the_fields_of_the_chosen_act(served: Served) -> None:
    page = await served.signed_in("verify")
    await page.goto(f"{served.address}/cases/{served.verified}/tasks/11")
    assert not await page.is_visible("form.sheet select")
    await page.check("input[value=verify]")
    assert await page.is_visible("form.sheet select")
    await page.check("input[value=return_referral]")
    assert not await page.is_visible("form.sheet select")
    await page.click("form.sheet button:not([formaction])")
    await page.wait_for_selector("[role=alert]")
    assert await page.is_checked("input[value=return_referral]")


async def test_without_scripts_a_task_is_done_all_the_same(served: Served, site: Site) -> None:
    page = await served.signed_in("verify", scripts=False)
    await page.goto(f"{served.address}/cases/{served.verified}/tasks/11")
    await page.check("input[value=verify]")
    await page.select_option("form.sheet select", "substantiated")
    await page.fill("form.sheet textarea >> nth=0", "经核实，货款未付。")
    await page.click("form.sheet button:not([formaction])")
    await page.wait_for_url(f"{served.address}/cases/{served.verified}?done=*")
    assert site.executions.sent[-1][1] == f"complaint:{served.verified}"


async def test_an_enterprise_files_on_a_telephone_and_follows_its_case(served: Served) -> None:
    page = await served.page(390)
    await page.goto(f"{served.address}/")
    await page.click("text=我要投诉")
    values = {
        "complainant_name": FIRM_NAME, "complainant_uscc": FIRM, "contact_phone": "13800000007", "title": "尾款未付",
        "respondent": "青原旗教育体育局（虚构）", "statement": "尾款至今未付。", "request": "支付尾款。",
    }  # fmt: skip
    for name, value in values.items():
        await page.fill(f"[name={name}]", value)
    await page.select_option("[name=enterprise_type]", "民营企业")
    await page.select_option("[name=domain]", "PROC")
    await page.click("main form button.big")
    await page.wait_for_selector("[role=alert]")
    assert await page.input_value("[name=statement]") == "尾款至今未付。"
    await page.check("[name=truthful]")
    await page.click("main form button.big")
    number = await page.inner_text("#case-no")
    code = await page.inner_text("#access-code")
    await page.click("text=查询办理进度")
    await page.fill("#case_no", number)
    await page.fill("#code", code)
    await page.click("main button")
    await page.wait_for_url("**/follow/case")
    assert number in await page.inner_text("main")


async def test_a_complainant_reads_why_a_limit_ran_out_and_turns_to_the_case_filed_beside(served: Served) -> None:
    page = await served.page()
    await page.goto(f"{served.address}/follow")
    await page.fill("#case_no", served.case_no)
    await page.fill("#code", served.code)
    await page.click("main button")
    await page.wait_for_url("**/follow/case")
    words = await page.inner_text("main")
    assert "“申请复核”的期限已于2026年" in words
    assert "期限计算：" in words
    await page.click("#beside button")
    await page.wait_for_url("**/follow/case")
    assert served.case_no in await page.inner_text("#beside")


async def test_a_supervisor_opens_the_list_behind_a_count(served: Served) -> None:
    page = await served.signed_in("supervisor")
    await page.goto(f"{served.address}/board")
    count = int(await page.inner_text(".figure.red b"))
    assert count > 0
    await page.click(".figure.red")
    await page.wait_for_url("**/cases?*")
    assert await page.locator("table.list tbody tr").count() == count


async def test_many_tasks_are_urged_by_keyboard_and_the_result_is_a_table(served: Served) -> None:
    page = await served.signed_in("supervisor")
    await page.goto(f"{served.address}/people/tasks")
    for key in "jxjx":
        await page.keyboard.press(key)
    await page.focus("input[value=urge]")
    await page.keyboard.press("Space")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/bulk/*")
    assert await page.locator("table.list tbody tr").count() == 2
    assert await page.locator(".tag.law").count() == 2


async def test_the_diagram_is_drawn_and_keeps_its_watermark(served: Served) -> None:
    page = await served.signed_in("verify")

    async def somewhere(route: Route) -> None:
        # The cases of this file are rows without an execution, so none stands anywhere in the model.
        answer = await route.fetch()
        await route.fulfill(json=await answer.json() | {"here": ["verification_task"]})

    await page.route("**/diagram.json", somewhere)
    await page.goto(f"{served.address}/cases/{served.verified}/diagram")
    await page.wait_for_selector("[data-ready]")
    assert await page.locator(".djs-shape").count() > 100
    assert await page.is_visible(".bjs-powered-by")
    await page.click("[data-zoom=all]")
    small = await width_of(page, ".djs-element.here")
    await page.click("[data-zoom=here]")
    assert await width_of(page, ".djs-element.here") > 3 * small, "a procedure seen whole is too small to be read"
    box = await page.locator(".djs-element.here").first.bounding_box()
    frame = await page.locator("#diagram").bounding_box()
    assert box
    assert frame
    assert frame["x"] <= box["x"] <= frame["x"] + frame["width"]
    assert frame["y"] <= box["y"] <= frame["y"] + frame["height"]


async def width_of(page: Page, selector: str) -> float:
    box = await page.locator(selector).first.bounding_box()
    assert box
    return box["width"]


async def test_a_diagram_that_cannot_be_fetched_says_so(served: Served) -> None:
    page = await served.signed_in("verify")
    await page.route("**/diagram.json", lambda route: route.fulfill(status=503, body=""))
    await page.goto(f"{served.address}/cases/{served.verified}/diagram")
    await page.wait_for_selector("#diagram >> text=流程图没有打开")


async def test_a_task_of_the_heat_map_leads_to_its_place(served: Served) -> None:
    page = await served.signed_in("supervisor")
    await page.goto(f"{served.address}/board/diagram")
    await page.wait_for_selector("[data-ready]")
    warm = ".djs-shape.cool, .djs-shape.warm, .djs-shape.hot"
    small = await width_of(page, warm)
    await page.locator("th[data-element] button").first.click()
    assert await width_of(page, warm) > 3 * small


@pytest.mark.parametrize("width", [1280, 390])
async def test_pages_are_accessible_fit_and_break_no_policy(served: Served, width: int) -> None:
    complaints: list[str] = []
    anyone = await served.page(width)
    complainant = await served.page(width)
    await complainant.goto(f"{served.address}/follow")
    await complainant.fill("#case_no", served.case_no)
    await complainant.fill("#code", served.code)
    await complainant.click("main button")
    await complainant.wait_for_url("**/follow/case")
    visits = [
        (anyone, ["/", "/login", "/follow", "/complaints/new", "/policy"]),
        (complainant, ["/follow/case"]),
        (await served.signed_in("accept", width), ["/tasks", "/cases", "/cases/new", "/inbox", "/account"]),
        (await served.signed_in("verify", width), [f"/cases/{served.verified}", f"/cases/{served.verified}/tasks/11"]),
        (await served.signed_in("supervisor", width), ["/people", "/people/tasks", "/board"]),
        (await served.signed_in("supervisor", width), ["/orders", "/orders/new?light=red"]),
    ]
    operator = ["/operator", "/operator/messages", "/operator/messages?show=waiting", "/operator/messages/new"]
    operator += ["/operator/instances", "/operator/instances?show=any&whole=on"]
    visits.append((await served.signed_in("admin", width), operator))
    head = await served.signed_in("head", width)
    visits.append((head, ["/standing-in", f"/cases/{served.verified}/recusals", "/people"]))
    for page, paths in visits:
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        for path in paths:
            await page.goto(served.address + path)
            await page.evaluate(AXE.read_text())
            found = await page.evaluate("axe.run().then(r => r.violations.map(v => v.id + ': ' + v.nodes[0].html))")
            complaints.extend(f"{path} at {width}: {one}" for one in found)
            wider = await page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            complaints.extend([f"{path} at {width} is {wider} px too wide"] if wider > 0 else [])
    assert complaints == []
