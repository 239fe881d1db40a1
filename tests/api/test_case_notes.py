"""Calls and instructions on a case: sent twice they are one, written anew they are two."""

from __future__ import annotations

import re
from datetime import timedelta

from sqlalchemy import func, select

from cases.tables.complaints import CaseNote
from cases.tables.ledger import AuditEntry
from tests.api.region_builder import VERIFICATION, place
from tests.api.web_site import NOW, Site


async def test_a_note_that_is_sent_twice_is_one_note(site: Site) -> None:
    async with site.services.transaction() as session:
        _, case = await place(session, site.services.vault, VERIFICATION, NOW - timedelta(days=2), NOW)
    browser = await site.signed_in("verify")
    page = (await browser.get(f"/cases/{case}")).text.partition('id="notes"')[2]
    token = re.findall(r'name="submission_id" value="([^"]+)"', page)[0]
    form = {"kind": "call", "body": "已与投诉人通话。", "submission_id": token}
    for _ in range(2):
        answer = await browser.post(f"/cases/{case}/notes", form)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/cases/{case}#notes")
    assert await stored(site, case) == (1, 1)
    await browser.post(f"/cases/{case}/notes", {**form, "body": "又通话一次。"})
    assert await stored(site, case) == (2, 2), "who went back and wrote something else means another note"
    wrong = await browser.post(f"/cases/{case}/notes", {**form, "body": " "})
    assert wrong.status_code == 422
    assert f'value="{token}"' in wrong.text


async def stored(site: Site, case: str) -> tuple[int, int]:
    """Notes, and what the log says of them."""
    async with site.services.transaction() as session:
        notes = await session.scalar(select(func.count()).where(CaseNote.complaint_id == case))
        logged = await session.scalar(
            select(func.count()).where(AuditEntry.complaint_id == case, AuditEntry.act == "note:call")
        )
    return notes or 0, logged or 0
