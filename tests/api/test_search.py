"""Searching and listing many cases: the short ways find exactly what looking at every case would."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import pytest_asyncio
from sqlalchemy import select

from cases.access import actor_of, visible
from cases.queries import newest as ways
from cases.queries.ledger import ledger
from cases.queries.ledger_filter import LedgerFilter
from cases.queries.light import lights_for
from cases.searching.folding import folded, words
from cases.tables.complaints import Complaint
from cases.tables.organisations import Account
from tests.api.region_builder import BANNER_GOV, BUREAU, RECTIFICATION, REFERRAL, SCREENING, VERIFICATION, place
from tests.api.web_site import NOW, Site

TITLES = ("供热管网项目欠款{}", "道路改造工程款拖欠{}", "招商引资奖励未兑现{}", "ＬＥＤ 照明合同 HT-{}")


@pytest_asyncio.fixture(scope="module", autouse=True)
async def cases(site: Site) -> None:
    async with site.services.transaction() as session:
        for number in range(24):
            where = (SCREENING, REFERRAL, VERIFICATION, RECTIFICATION)[number % 3 if number % 5 else 3]
            title = TITLES[number % 4].format(number)
            # Two of one moment: their order is by id, on both sides of a page.
            received = NOW - timedelta(hours=number // 2)
            await place(session, site.services.vault, where, received, NOW, title=title)


async def found(site: Site, login: str, size: int = 50, **wanted: object) -> list[str]:
    """All pages, joined."""
    async with site.services.transaction() as session:
        account = (await session.scalars(select(Account).where(Account.login == login))).one()
        actor, lights = await actor_of(session, account), await lights_for(session, site.services.pack, NOW)
        ids: list[str] = []
        after: str | None = None
        while True:
            asked = LedgerFilter(**wanted, after=after, size=size)  # type: ignore[arg-type]
            page = await ledger(session, site.services.vault, actor, lights, asked)
            ids += [row.complaint.id for row in page.rows]
            after = page.next
            if after is None:
                return ids


async def looked_through(site: Site, login: str, text: str = "") -> list[str]:
    async with site.services.transaction() as session:
        account = (await session.scalars(select(Account).where(Account.login == login))).one()
        query = visible(await actor_of(session, account)).order_by(Complaint.received_at.desc(), Complaint.id.desc())
        return [
            row.id
            for row in await session.scalars(query)
            if all(
                any(word in folded(field) for field in (row.case_no, row.title, row.project_name or ""))
                for word in words(text)
            )
        ]


@pytest.mark.parametrize("login", ["supervisor", "accept", "verify", "respondent", "nobody"])
async def test_the_pages_of_a_list_are_all_visible_cases_newest_first(site: Site, login: str) -> None:
    everything = await looked_through(site, login)
    assert await found(site, login, size=5) == everything
    assert await found(site, login) == everything


@pytest.mark.parametrize("near", [1, 7, 5_000])
@pytest.mark.parametrize(
    "text",
    ["款", "供熱管網", "項目欠款１", "工程 拖欠", "led照明", "ht-1", "7", "2026-0", "%", "没有", "\\", "'"],
)
@pytest.mark.parametrize("login", ["supervisor", "verify"])
async def test_words_are_found_on_the_way_or_by_the_index(
    site: Site, monkeypatch: pytest.MonkeyPatch, login: str, text: str, near: int
) -> None:
    monkeypatch.setattr(ways, "NEAR", near)
    assert await found(site, login, size=4, text=text) == await looked_through(site, login, text)


async def test_words_go_together_with_everything_else(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    for near in (1, 5_000):
        monkeypatch.setattr(ways, "NEAR", near)
        whole = set(await found(site, "supervisor", text="款"))
        for other in ({"stage": "verification"}, {"light": "green", "status": "all_open"}, {"domain": "PROC"},
                      {"unit": BANNER_GOV}, {"contract": "QYZC-2025-HW-031", "unit": BUREAU}):  # fmt: skip
            both = set(await found(site, "supervisor", size=3, text="款", **other))
            assert both == whole & set(await found(site, "supervisor", **other)), other
            assert both, other


async def test_a_caseworker_types_the_title_as_it_is_written_elsewhere(site: Site) -> None:
    browser = await site.signed_in("supervisor")
    page = (await browser.get("/cases?text=ＬＥＤ照明合同")).text
    assert len(set(re.findall(r'<a class="no go" href="/cases/(\w+)[?"]', page))) == 6
