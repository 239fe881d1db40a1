"""What the page of calendar tables shows: tables, the changes under way, the missing years, the year as it counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from cases.calendar_changes.calendars import calendars
from cases.calendar_changes.missing import missing_now
from cases.calendar_changes.pending import Progress, pending, tables
from cases.calendar_changes.year_view import Month, year_view
from cases.calendars import NATIONAL
from cases.errors import NotFound
from cases.tables.calendar_changes import CalendarTable
from cases.tables.organisations import Account, Region


@dataclass(frozen=True)
class CalendarPage:
    """``layers``: code and name of what a table can be for. ``authors``: display name by the author's code.

    ``shares``: by change, how much of it is through, in per cent.
    """

    tables: list[CalendarTable]
    changes: list[Progress]
    missing_years: tuple[int, ...]
    layers: dict[str, str]
    authors: dict[str, str]
    shares: dict[int, int]


async def calendar_page(session: AsyncSession, now: datetime, packs: dict[str, str]) -> CalendarPage:
    """``packs``: name and title of those that a table can be for."""
    found = await session.execute(select(Region.code, Region.name).order_by(Region.code))
    regions = {code: name for code, name in found}  # noqa: C416  rows are no pairs to dict()
    changes = await pending(session, everything=True)
    accounts = await session.execute(select(Account.id, Account.display_name))
    authors = {f"account:{id_}": name for id_, name in accounts}
    layers = {NATIONAL: "全国", **packs, **regions}
    shares = {change.change_id: _share(change) for change in changes}
    return CalendarPage(await tables(session), changes, await missing_now(session, now), layers, authors, shares)


def _share(change: Progress) -> int:
    total = sum(change.jobs.values())
    return 100 if change.state != "applying" or not total else 100 * (total - change.jobs.get("waiting", 0)) // total


async def year_of(session: AsyncSession, pack: str, region: str | None, year: int) -> tuple[Month, ...]:
    """The year as cases of this region count it. Raises NotFound for a region that is not in the directory."""
    if region is not None and await session.get(Region, region) is None:
        raise NotFound(f"地区目录中没有“{region}”。")
    found = await calendars(session)
    return year_view(found.of(found.group(pack, region)), year)
