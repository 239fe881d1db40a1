"""Calendars and rules that the deadline tests share."""

from datetime import date, datetime

from cases.deadlines.calendar import Calendar, DayKind, DayRow, DayTable
from cases.deadlines.limit import Limit
from cases.deadlines.national import national_calendar
from cases.deadlines.rule import ExtensionTerms, Rule, Rung
from cases.deadlines.zone import SHANGHAI

# Weekdays that Xinjiang adds to the national days off (2022, 2023, 2025, 2026; other years not known).
XINJIANG_DAYS = (
    *(date(2022, 7, day) for day in (11, 12, 13)),
    date(2022, 5, 5),
    date(2023, 4, 21),
    *(date(2023, 6, day) for day in (28, 29, 30)),
    date(2025, 3, 31),
    *(date(2025, 6, day) for day in (6, 9, 10)),
    date(2026, 3, 20),
    *(date(2026, 5, day) for day in (27, 28, 29)),
)


def xinjiang_calendar() -> Calendar:
    rows = [DayRow(day, DayKind.HOLIDAY, "自治区地方放假") for day in XINJIANG_DAYS]
    return national_calendar().with_overlay(DayTable.of("xinjiang-test", rows))


def noon(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=SHANGHAI)


def rule(limit: str, *, extension: ExtensionTerms | None = None, rungs: tuple[Rung, ...] = ()) -> Rule:
    return Rule(
        name="referral",
        title_zh="转交",
        limit=Limit.parse(limit),
        starts_from=("accepted",),
        start_zh="受理",
        basis="第三条",
        source="law",
        extension=extension,
        rungs=rungs,
    )
