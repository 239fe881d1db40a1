"""A region with cases behind a real web server, and the Chromium that looks at it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
import pytest_asyncio
import uvicorn
from playwright.async_api import Browser, Page, async_playwright
from sqlalchemy import update

from cases.tables.complaints import Complaint, FurtherContract
from cases.tables.worklist import Submission
from tests.api.region_builder import (
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
from tests.pages.browser import ARGUMENTS, unpack


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
