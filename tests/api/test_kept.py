"""A session that ends in the middle of a form: what was typed is not lost, and goes to nobody else."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
import pytest_asyncio
from sqlalchemy import select

from cases.tables.complaints import CaseNote
from tests.api.region_builder import PASSWORD, SCREENING, add_open_act, place
from tests.api.web_site import NOW, Browser, Site

WORDS = "与投诉人核实：\n设备已经交付，\"验收单\"齐全 <原件>。"
LATER = timedelta(minutes=31)


@pytest_asyncio.fixture
async def case(site: Site) -> str:
    async with site.services.transaction() as session:
        return (await place(session, site.services.vault, SCREENING, NOW - timedelta(hours=5), NOW))[1]


async def notes_of(site: Site, case: str) -> list[str]:
    async with site.services.transaction() as session:
        return list((await session.scalars(select(CaseNote.body).where(CaseNote.complaint_id == case))).all())


def hidden(page: str) -> dict[str, object]:
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    return {name: html.unescape(value) for name, value in found if name != "csrf"}


async def typed_too_late(site: Site, case: str) -> tuple[Browser, str]:
    browser = await site.signed_in("accept")
    await browser.get(f"/cases/{case}")
    site.now = NOW + LATER
    answer = await browser.post(f"/cases/{case}/notes", {"kind": "call", "body": WORDS})
    assert answer.status_code == 401
    assert "没有丢失" in answer.text
    return browser, answer.text


async def test_what_was_typed_comes_back_after_signing_in_and_is_sent_once(site: Site, case: str) -> None:
    browser, page = await typed_too_late(site, case)
    again = await browser.post("/login", {**hidden(page), "login": "accept", "password": "wrong"})
    assert again.status_code == 422
    answer = await browser.post("/login", {**hidden(again.text), "login": "accept", "password": PASSWORD})
    assert answer.status_code == 200
    assert html.escape(WORDS.splitlines()[1], quote=True).replace("&quot;", "&#34;") in answer.text
    assert f'action="/cases/{case}/notes"' in answer.text
    assert await notes_of(site, case) == []
    assert (await browser.post(f"/cases/{case}/notes", hidden(answer.text))).status_code == 303
    assert [note.replace("\r\n", "\n") for note in await notes_of(site, case)] == [WORDS]


async def test_the_next_person_at_the_desk_does_not_get_it(site: Site, case: str) -> None:
    browser, page = await typed_too_late(site, case)
    answer = await browser.post("/login", {**hidden(page), "login": "accept2", "password": PASSWORD})
    assert answer.status_code == 303
    assert "核实" not in answer.text


@pytest.mark.parametrize("token", ["", "somebody's"])
async def test_a_form_that_was_not_ours_is_not_kept(site: Site, case: str, token: str) -> None:
    browser = await site.signed_in("accept")
    site.now = NOW + LATER
    page = {"referer": f"http://jiannuo.test/cases/{case}"}
    form = {"csrf": token, "kind": "call", "body": WORDS}
    answer = await browser.client.post(f"/cases/{case}/notes", data=form, headers=page)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/login?next=/cases/{case}")


async def test_who_signed_in_again_beside_an_open_form_sends_it_on(site: Site, case: str) -> None:
    browser = await site.signed_in("accept")
    await browser.get(f"/cases/{case}")
    old = browser.csrf
    await browser.get("/login")
    assert (await browser.post("/login", {"login": "accept", "password": PASSWORD})).status_code == 303
    form = {"csrf": old, "kind": "call", "body": WORDS}
    refused = await browser.client.post(f"/cases/{case}/notes", data=form)
    assert refused.status_code == 403, "a browser that does not say where the form comes from"
    answer = await browser.post(f"/cases/{case}/notes", form, headers={"sec-fetch-site": "same-origin"})
    assert answer.status_code == 409
    assert (await browser.post(f"/cases/{case}/notes", hidden(answer.text))).status_code == 303
    assert len(await notes_of(site, case)) == 1


async def test_a_complainant_whose_visit_ended_loses_no_word(site: Site) -> None:
    async with site.services.transaction() as session:
        receipt, case = await place(session, site.services.vault, SCREENING, NOW - timedelta(hours=5), NOW)
        await add_open_act(session, case, 50, "撤回投诉", "withdraw", f'["complainant@{case}"]')
    browser = site.browser()
    await browser.get("/follow")
    way_in = {"case_no": receipt.case_no, "code": receipt.access_code}
    await browser.post("/follow", way_in)
    page = (await browser.get("/follow/case")).text
    names = re.findall(r'<textarea[^>]* name="([^"]+)"', page)
    site.now = NOW + LATER
    late = await browser.post("/follow/case/acts/50", {"act": "withdraw", names[0]: "款项已经付清。"})
    assert late.status_code == 401
    answer = await browser.post("/follow", {**hidden(late.text), **way_in})
    assert "款项已经付清。" in answer.text
    sent = await browser.post("/follow/case/acts/50", hidden(answer.text))
    assert (sent.status_code, sent.headers["location"]) == (303, "/follow/case?done=1")


async def test_what_could_not_be_taken_is_shown_with_a_way_back(site: Site, case: str) -> None:
    browser = await site.signed_in("accept")
    await browser.get(f"/cases/{case}/tasks/11")
    page = {"referer": f"http://jiannuo.test/cases/{case}/tasks/11"}
    form = {"to": "accept2", "reason": "出差，请代为办理。", "row_version": "99"}
    answer = await browser.post(f"/cases/{case}/tasks/11/transfer", form, headers=page)
    assert answer.status_code == 409, "somebody was faster"
    assert "出差，请代为办理。" in answer.text
    assert f'href="/cases/{case}/tasks/11"' in answer.text
