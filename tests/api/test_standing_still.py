"""A case on which nobody acts although nothing is due: whom it waits for and the head are told, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import cast

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import async_sessionmaker

from activities.notify_wording import written
from activities.stores import Stores
from cases import standing_still
from cases.tables.letters import Notice
from cases.tables.organisations import Account
from cases.tables.positions import CasePosition
from jiannuo.courier_digest import DIGEST_KINDS
from jiannuo.stall_watch import StallWatch
from tests.api.region_builder import PACK, RECTIFICATION, VERIFICATION, Where, place
from tests.api.web_site import NOW, Site

UNTIMED = replace(VERIFICATION, clock=None)


async def still(site: Site, where: Where, days: int) -> str:
    async with site.services.transaction() as session:
        _, case = await place(session, site.services.vault, where, NOW - timedelta(days=days), NOW)
    return case


async def told(site: Site, now: datetime = NOW) -> None:
    async with site.services.transaction() as session:
        await standing_still.remind(session, written, PACK, now)


async def readers(site: Site, case: str) -> list[str]:
    async with site.services.transaction() as session:
        rows = await session.execute(
            select(Account.login, Notice.channel)
            .join(Account, Account.id == Notice.account_id)
            .where(Notice.complaint_id == case, Notice.kind == "stalled")
            .order_by(Account.login, Notice.channel)
        )
        return [f"{login} {channel}" for login, channel in rows]


async def test_whom_the_case_waits_for_and_the_head_are_told_once_per_standing_still(site: Site) -> None:
    async with site.services.transaction() as session:
        await session.execute(update(Account).where(Account.login == "verify").values(email="verify@unit.example"))
    case, waiting = await still(site, UNTIMED, 10), await still(site, RECTIFICATION, 10)
    for _ in range(2):
        await told(site)
    await told(site, NOW + timedelta(days=1))
    # The mail waits for the day's digest.
    assert await readers(site, case) == ["head inbox", "verify inbox", "verify mail"]
    assert "stalled" in DIGEST_KINDS
    # A limit of thirty days runs, and nothing is due: the respondent's liaison hears of it.
    assert await readers(site, waiting) == ["respondent inbox"]
    async with site.services.transaction() as session:
        body = await session.scalar(select(Notice.body).where(Notice.complaint_id == case))
        # Somebody acts, and then nobody again.
        await session.execute(
            update(CasePosition).where(CasePosition.id == case).values(acted_at=NOW + timedelta(days=2))
        )
    assert body is not None
    assert "已有5个工作日没有任何办理动作，现等待青原旗人民政府（虚构）办理“核实”" in body
    await told(site, NOW + timedelta(days=3))
    assert len(await readers(site, case)) == 3
    await told(site, NOW + timedelta(days=24))
    assert len(await readers(site, case)) == 6


async def test_what_a_ladder_reminds_of_or_what_moved_lately_is_left_alone(site: Site) -> None:
    late, fresh = await still(site, VERIFICATION, 12), await still(site, UNTIMED, 2)
    await told(site)
    assert (await readers(site, late), await readers(site, fresh)) == ([], [])


async def test_nobody_is_told_on_a_day_off_or_before_the_offices_open(site: Site) -> None:
    case = await still(site, UNTIMED, 10)
    saturday, early = NOW - timedelta(days=2), NOW.replace(hour=0)
    for now in (saturday, early):
        await told(site, now)
        assert await readers(site, case) == []
    await told(site)
    assert await readers(site, case) != []


async def test_the_watch_goes_through_all_of_them_and_rests_for_the_day(site: Site) -> None:
    cases = [await still(site, UNTIMED, 10) for _ in range(3)]
    now = [NOW.replace(hour=0)]
    stores = cast(Stores, SimpleNamespace(sessions=async_sessionmaker(site.engine)))
    watch = StallWatch(stores, (PACK,), lambda: now[0])
    assert await watch.once(now[0]) == 0
    now[0] = NOW
    assert await watch.once(NOW) >= 3
    assert [await readers(site, case) != [] for case in cases] == [True] * 3
    assert await watch.once(NOW) == 0
