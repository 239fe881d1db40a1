"""Dates counted by hand on the State Council's notices of each year (国办发明电), not on the table that we ship."""

from datetime import date

import pytest

from cases.calendars import NATIONAL, Published, layered
from cases.deadlines.calendar import Calendar, DayKind, DayRow
from cases.deadlines.compute import compute
from cases.deadlines.counting import months_before
from cases.deadlines.derivation import render
from cases.deadlines.extension import Extension
from cases.deadlines.limit import Limit
from cases.deadlines.national import national_calendar
from cases.deadlines.pause import Pause
from cases.deadlines.rule import ExtensionTerms
from cases.policy.loader import load
from tests.deadlines.deadline_builders import noon, rule

# Make-up days before, between and after: 2-2 and 2-3 in 2019, 1-29 and 1-30 in 2022, 10-8 and 10-9 in 2022 …
HOLIDAYS = """
2018-12-28 3 2019-01-03 | 2019-02-01 3 2019-02-11 | 2019-02-02 5 2019-02-14 | 2019-04-26 5 2019-05-06
2019-04-30 3 2019-05-07 | 2019-09-27 3 2019-10-08 | 2019-10-01 5 2019-10-12 | 2019-12-31 3 2020-01-06
2020-01-17 5 2020-01-23 | 2020-01-23 3 2020-02-05 | 2020-01-31 3 2020-02-05 | 2020-02-01 5 2020-02-07
2020-04-24 5 2020-04-30 | 2020-06-24 3 2020-06-30 | 2020-09-25 5 2020-10-09 | 2020-09-30 3 2020-10-12
2021-02-05 5 2021-02-18 | 2021-02-10 3 2021-02-20 | 2021-02-19 3 2021-02-23 | 2021-04-30 3 2021-05-08
2021-09-17 5 2021-09-26 | 2021-09-24 5 2021-09-30 | 2021-09-30 3 2021-10-11
2022-01-28 3 2022-02-07 | 2022-01-29 5 2022-02-10 | 2022-04-01 3 2022-04-07 | 2022-04-29 3 2022-05-07
2022-09-30 3 2022-10-10 | 2022-10-07 3 2022-10-10 | 2022-12-30 3 2023-01-05
2023-01-20 3 2023-01-30 | 2023-01-27 3 2023-01-30 | 2023-04-28 5 2023-05-09 | 2023-06-21 3 2023-06-27
2023-09-28 3 2023-10-09 | 2023-10-06 5 2023-10-11
2024-02-02 5 2024-02-08 | 2024-02-09 3 2024-02-20 | 2024-02-17 3 2024-02-20 | 2024-02-28 2 2024-03-01
2024-04-03 3 2024-04-09 | 2024-04-30 5 2024-05-10 | 2024-09-13 3 2024-09-19 | 2024-09-27 5 2024-10-10
2024-09-30 3 2024-10-10 | 2024-10-11 3 2024-10-15
2025-01-24 5 2025-02-07 | 2025-02-07 3 2025-02-11 | 2025-04-25 5 2025-05-06 | 2025-05-30 3 2025-06-05
2025-09-26 5 2025-10-10 | 2025-09-30 3 2025-10-11 | 2025-10-10 3 2025-10-14
2026-01-02 3 2026-01-06 | 2026-02-13 10 2026-03-05 | 2026-02-27 3 2026-03-03 | 2026-05-08 3 2026-05-12
"""
# No notice yet: the statutory thirteen days with their substitutes, all provisional.
PROVISIONAL = """
2026-12-31 5 2027-01-08 | 2027-02-04 3 2027-02-15 | 2027-04-30 3 2027-05-07 | 2027-06-08 1 2027-06-10
2027-09-30 3 2027-10-08 | 2027-12-31 1 2028-01-04 | 2028-01-24 3 2028-02-02 | 2028-02-28 2 2028-03-01
2028-05-26 1 2028-05-30 | 2028-09-29 3 2028-10-10 | 2029-02-09 3 2029-02-20 | 2029-09-21 1 2029-09-25
"""
# Month ends, leap days, and last days inside a holiday (民法典 §203): start, days, unrolled, due.
CALENDAR_DAYS = """
2024-01-30 30 2024-02-29 2024-02-29 | 2024-02-29 30 2024-03-30 2024-04-01 | 2023-12-31 60 2024-02-29 2024-02-29
2028-01-31 30 2028-03-01 2028-03-01 | 2026-09-07 30 2026-10-07 2026-10-08 | 2024-09-05 30 2024-10-05 2024-10-08
2020-01-02 30 2020-02-01 2020-02-03 | 2019-01-05 30 2019-02-04 2019-02-11 | 2021-01-13 30 2021-02-12 2021-02-18
"""


def rows(text: str) -> list[tuple[str, ...]]:
    return [tuple(row.split()) for line in text.strip().splitlines() for row in line.split("|")]


@pytest.mark.parametrize(("start", "days", "due"), rows(HOLIDAYS))
def test_working_days_around_the_holidays_of_eight_years(start: str, days: str, due: str) -> None:
    result = compute(rule(f"{days}wd"), noon(start), national_calendar())

    assert (result.due.isoformat(), result.provisional) == (due, False)


@pytest.mark.parametrize(("start", "days", "due"), rows(PROVISIONAL))
def test_years_without_a_notice_rest_on_the_statutory_days(start: str, days: str, due: str) -> None:
    result = compute(rule(f"{days}wd"), noon(start), national_calendar())

    assert (result.due.isoformat(), result.provisional) == (due, True)


@pytest.mark.parametrize(("start", "days", "unrolled", "due"), rows(CALENDAR_DAYS))
def test_calendar_days_over_month_ends_and_leap_days(start: str, days: str, unrolled: str, due: str) -> None:
    result = compute(rule(f"{days}d"), noon(start), national_calendar())

    assert (result.unrolled.isoformat(), result.due.isoformat()) == (unrolled, due)


def banner(*local: tuple[str, str, DayKind, str]) -> Calendar:
    """Local tables of a league and of a banner in it, as an administrator publishes them."""
    tables = [
        Published(layer, f"{layer}-{day}", (2026,), (DayRow(date.fromisoformat(day), kind, name),))
        for layer, day, kind, name in local
    ]
    return layered(load("nmg-2023"), tables, sorted({table.layer for table in tables}))


def test_nadam_in_a_league_and_in_a_banner() -> None:
    league = ("150700", "2026-07-24", DayKind.HOLIDAY, "那达慕放假")
    works = ("150724", "2026-07-24", DayKind.WORKDAY, "照常上班")
    day_after = ("150724", "2026-07-27", DayKind.HOLIDAY, "那达慕放假")

    def due(calendar: Calendar) -> str:
        return compute(rule("3wd"), noon("2026-07-22"), calendar).due.isoformat()

    assert due(banner()) == "2026-07-27"
    assert due(banner(league)) == "2026-07-28"
    assert due(banner(league, works)) == "2026-07-27"
    assert due(banner(league, day_after)) == "2026-07-29"
    said = render(compute(rule("3wd"), noon("2026-07-22"), banner(league)).derivation)
    assert said == (
        "7月22日受理，不计入；7月23日，第1日；7月24日为休息日（那达慕放假），不计；7月25日至7月26日为休息日，不计；"
        "7月27日至7月28日，第2日至第3日；7月28日24:00届满。"
    )


def test_the_extension_of_january_2020_moves_what_ran_and_its_withdrawal_moves_it_back() -> None:
    pack = load("nmg-2023")
    as_first_published = Published(
        NATIONAL, "first", (2020,),
        (
            DayRow(date(2020, 1, 31), DayKind.WORKDAY, "原安排"),
            DayRow(date(2020, 2, 1), DayKind.WORKDAY, "春节调休"),
        ),
    )  # fmt: skip
    extended = Published(
        NATIONAL, "extended", (2020,),
        [DayRow(date(2020, month, day), DayKind.HOLIDAY, "春节延长放假") for month, day in ((1, 31), (2, 1), (2, 2))],
    )  # fmt: skip

    def due(*tables: Published) -> str:
        return compute(rule("5wd"), noon("2020-01-22"), layered(pack, tables)).due.isoformat()

    assert due(as_first_published) == "2020-02-04"
    assert due(as_first_published, extended) == "2020-02-06"
    assert due(as_first_published) == "2020-02-04"


def test_a_pause_over_a_holiday_gives_back_working_days_only() -> None:
    over = Pause(noon("2026-09-29"), noon("2026-10-05"), "补正材料")
    result = compute(rule("5wd"), noon("2026-09-28"), national_calendar(), pauses=[over])

    # Day 1 is the 29th, on which it stops; the 30th is given back; four days are left after 5 October.
    assert result.due == date(2026, 10, 12)
    assert "9月30日至10月5日期限中止（补正材料），不计" in render(result.derivation)
    within = Pause(noon("2026-10-02"), noon("2026-10-06"), "补正材料")
    assert compute(rule("5wd"), noon("2026-09-28"), national_calendar(), pauses=[within]).due == date(2026, 10, 10)
    assert compute(rule("5wd"), noon("2026-09-28"), national_calendar()).due == date(2026, 10, 10)


def test_an_extension_from_a_last_day_in_a_holiday_counts_from_the_unrolled_end() -> None:
    terms = ExtensionTerms(times=1, each=Limit.parse("30d"))
    ten_more = [Extension(Limit.parse("10d"))]
    result = compute(rule("30d", extension=terms), noon("2026-09-03"), national_calendar(), extensions=ten_more)

    # 3 October would have rolled to the 8th; the extension counts from the 3rd: 13 October.
    assert (result.unrolled, result.due) == (date(2026, 10, 13), date(2026, 10, 13))


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [("2025-02-10", 12, "2024-02-10"), ("2024-02-29", 12, "2023-02-28"), ("2026-03-31", 1, "2026-02-28"),
     ("2026-01-15", 1, "2025-12-15"), ("2026-12-31", 12, "2025-12-31")],
)  # fmt: skip
def test_months_go_to_the_corresponding_day_or_to_the_end_of_the_month(day: str, months: int, before: str) -> None:
    assert months_before(date.fromisoformat(day), months).isoformat() == before
