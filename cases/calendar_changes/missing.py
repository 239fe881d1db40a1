"""Reminding the administrator of a year without an official table, from 1 November of the year before."""

from __future__ import annotations

from collections.abc import Set
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from cases.calendar_changes.calendars import calendars
from cases.calendar_changes.readers import Writer
from cases.deadlines.national import national_calendar
from cases.deadlines.zone import SHANGHAI
from cases.notices import Reader, put
from cases.tables.clocks import Deadline
from cases.tables.organisations import Account, Membership

KIND = "calendar_provisional"
# The notice of the State Council usually comes in November (2026's on 4 November 2025).
ASKED_FROM = 11
ROLES = ("administrator", "region_drc")


def missing_years(today: date, covered: Set[int] | None = None) -> tuple[int, ...]:
    """Years that should have a table by now and have none: this year, and from 1 November the next one."""
    known = national_calendar().official.years if covered is None else covered
    asked = (today.year, today.year + 1) if today.month >= ASKED_FROM else (today.year,)
    return tuple(year for year in asked if year not in known)


async def missing_now(session: AsyncSession, now: datetime) -> tuple[int, ...]:
    """For health pages: with the tables that the database adds."""
    return missing_years(now.astimezone(SHANGHAI).date(), (await calendars(session)).official_years())


async def remind(session: AsyncSession, write: Writer, now: datetime) -> int:
    """Once a week and person, on weekdays, until the table is in. Returns the number of people told."""
    today = now.astimezone(SHANGHAI).date()
    years = await missing_now(session, now) if today.weekday() < 5 else ()
    if not years:
        return 0
    count = await session.scalar(
        select(func.count()).select_from(Deadline).where(Deadline.status == "running", Deadline.provisional)
    )
    people = (
        await session.scalars(
            select(Account)
            .join(Membership, Membership.account_id == Account.id)
            .where(Membership.role.in_(ROLES), Account.active)
            .order_by(Account.id)
        )
    ).unique()
    told = list(people)
    week = "{}-{}".format(*today.isocalendar()[:2])
    for year in years:
        written = write(KIND, {"year": str(year), "count": str(count or 0)})
        for account in told:
            await put(session, f"{KIND}:{year}:{week}", None, Reader(account.id, bool(account.email)), written, now)
    return len(told)
