"""Each user's main jobs in a real Chromium, on a desk and on a telephone, and what axe says about each page."""

from __future__ import annotations

import platform

import pytest
from playwright.async_api import Dialog, Page, Route

from tests.api.region_builder import (
    FIRM,
    FIRM_NAME,
)  # fmt: skip
from tests.api.web_site import Site
from tests.pages.browser import AXE
from tests.pages.served import Served, served

__all__ = ["served"]

pytestmark = pytest.mark.skipif(
    platform.machine() != "x86_64" or platform.system() != "Linux",
    reason="the Chromium of the lock file is for Linux on x86-64",
)


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
