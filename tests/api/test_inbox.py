"""Notices: opening one is reading it, and reading can be taken back."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

from sqlalchemy import select

from cases.queries import inbox
from cases.tables.letters import Notice
from cases.tables.organisations import Account
from tests.api.region_builder import RECTIFICATION, add_notice, place
from tests.api.web_site import NOW, Site


async def test_opening_a_notice_marks_it_read_and_it_can_be_unread_again(site: Site) -> None:
    reader, case, key = await told(site, "legal")
    browser = await site.signed_in("legal")
    link = f"/inbox/notice?key={key}"
    assert link in unescape((await browser.get("/inbox")).text)
    opened = await browser.get(link)
    assert (opened.status_code, opened.headers["location"]) == (303, f"/cases/{case}")
    assert await unread(site, reader) == []
    assert "标为未读" in (await browser.get("/inbox")).text
    back = await browser.post("/inbox/unread", {"key": key, "back": "/inbox"})
    assert (back.status_code, back.headers["location"]) == (303, "/inbox")
    assert await unread(site, reader) == [key]
    await browser.post("/inbox/read")
    assert await unread(site, reader) == []


async def test_a_notice_about_no_case_has_a_page_of_its_own(site: Site) -> None:
    async with site.services.transaction() as session:
        reader = (await session.scalars(select(Account.id).where(Account.login == "admin"))).one()
        key = f"calendar:1:{reader}:inbox"
        session.add(
            Notice(
                idempotency_key=key, kind="moves", complaint_id=None, channel="inbox", account_id=reader,
                to_party=False, facts={}, subject="期限变更：共1项", body="放假安排已经公布。", status="sent",
                attempts=0, created_at=NOW,
            )
        )  # fmt: skip
    browser = await site.signed_in("admin")
    page = (await browser.get(f"/inbox/notice?key={key}")).text
    assert "放假安排已经公布。" in page
    assert "标为未读" in page
    assert await unread(site, reader) == []


async def test_what_somebody_else_was_told_is_not_found(site: Site) -> None:
    reader, _, key = await told(site, "legal")
    browser = await site.signed_in("verify")
    await browser.get("/inbox")
    assert (await browser.get(f"/inbox/notice?key={key}")).status_code == 404
    assert (await browser.post("/inbox/unread", {"key": key})).status_code == 404
    assert key in await unread(site, reader)


async def test_older_notices_lead_back_to_the_newer_ones(site: Site) -> None:
    async with site.services.transaction() as session:
        reader = (await session.scalars(select(Account.id).where(Account.login == "head"))).one()
        _, case = await place(session, site.services.vault, RECTIFICATION, NOW - timedelta(days=20), NOW)
        for minutes in range(120):
            await add_notice(session, reader, case, NOW - timedelta(minutes=minutes))
        pages, after = [], None
        for _ in range(3):
            page = await inbox.inbox(session, reader, after)
            pages.append(page)
            after = page.next
        assert [len(page.rows) for page in pages] == [50, 50, 20]
        assert pages[0].previous is None
        assert pages[2].next is None
        back = await inbox.inbox(session, reader, pages[2].previous)
        first = await inbox.inbox(session, reader, back.previous)
    assert [row.idempotency_key for row in back.rows] == [row.idempotency_key for row in pages[1].rows]
    assert [row.idempotency_key for row in first.rows] == [row.idempotency_key for row in pages[0].rows]
    assert (back.next, first.next, first.previous) == (pages[1].next, pages[0].next, None)


async def told(site: Site, login: str) -> tuple[int, str, str]:
    """Account, case, key of a new notice."""
    async with site.services.transaction() as session:
        reader = (await session.scalars(select(Account.id).where(Account.login == login))).one()
        _, case = await place(session, site.services.vault, RECTIFICATION, NOW - timedelta(days=20), NOW)
        await add_notice(session, reader, case, NOW - timedelta(hours=1))
        key = (await session.scalars(select(Notice.idempotency_key).where(Notice.complaint_id == case))).one()
        return reader, case, key


async def unread(site: Site, reader: int) -> list[str]:
    async with site.services.transaction() as session:
        return list(
            await session.scalars(
                select(Notice.idempotency_key).where(Notice.account_id == reader, Notice.read_at.is_(None))
            )
        )
