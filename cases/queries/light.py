"""Lights as SQL and as Python from one bound, so that counts and lists can never disagree with the rows shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, or_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from cases.calendars import calendar_for
from cases.deadlines.calendar import Calendar
from cases.deadlines.counting import working_days_between
from cases.deadlines.lights import Light
from cases.deadlines.zone import day_of, end_of
from cases.policy.loader import load

NONE = "none"
SOON_WORKING_DAYS = 3
Timestamp = ColumnElement[Any] | InstrumentedAttribute[datetime | None]


@dataclass(frozen=True)
class Lights:
    """``yellow_until``: the latest due instant that is yellow now. ``percent`` of the whole time also counts as little.

    What is due by ``today_until`` is due today, by ``soon_until`` within three working days. Who has not acted since
    ``stalled_since`` stands still.
    """

    now: datetime
    yellow_until: datetime
    percent: int
    calendar: Calendar
    stalled_since: datetime
    today_until: datetime
    soon_until: datetime

    def of(self, due_at: datetime | None, start_at: datetime | None = None) -> str:
        if due_at is None:
            return NONE
        if due_at <= self.now:
            return Light.RED.value
        share = self.percent and start_at and due_at - self.now <= (due_at - start_at) * self.percent / 100
        return (Light.YELLOW if due_at <= self.yellow_until or share else Light.GREEN).value

    def column(self, due_at: Timestamp, start_at: Timestamp) -> ColumnElement[str]:
        yellow = due_at <= self.yellow_until
        if self.percent:
            left = due_at - (due_at - start_at) * (self.percent / 100)
            yellow = or_(yellow, and_(start_at.is_not(None), left <= self.now))
        return case((due_at.is_(None), NONE), (due_at <= self.now, "red"), (yellow, "yellow"), else_="green")

    def left(self, due: date | None) -> int | None:
        """Working days left until the end of ``due``; negative when it is over."""
        if due is None:
            return None
        today = day_of(self.now)
        if due < today:
            return -max(working_days_between(self.calendar, due, today), 1)
        return working_days_between(self.calendar, today, due)


async def lights_for(session: AsyncSession, pack_name: str, now: datetime) -> Lights:
    pack = load(pack_name)
    calendar = await calendar_for(session, pack)
    terms = pack.lights.value
    today = day_of(now)
    first = today
    while working_days_between(calendar, first, today) < terms.stalled_working_days:
        first -= timedelta(days=1)
    return Lights(
        now, end_of(_last_within(calendar, today, terms.yellow_working_days)), terms.yellow_percent, calendar,
        end_of(first - timedelta(days=1)), end_of(today), end_of(_last_within(calendar, today, SOON_WORKING_DAYS)),
    )  # fmt: skip


def _last_within(calendar: Calendar, today: date, working_days: int) -> date:
    """The day before the working day that would leave one more than so many."""
    last = today
    while working_days_between(calendar, today, last + timedelta(days=1)) <= working_days:
        last += timedelta(days=1)
    return last
