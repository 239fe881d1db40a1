"""Published and hand-counted dates: event date + limit = due date."""

from datetime import date

import pytest

from cases.deadlines.compute import compute
from cases.deadlines.counting import working_days_between
from cases.deadlines.extension import Extension
from cases.deadlines.limit import Limit, Unit
from cases.deadlines.national import national_calendar
from cases.deadlines.rule import ExtensionTerms
from tests.deadlines.deadline_builders import noon, rule, xinjiang_calendar

NATIONAL = [
    ("2026-09-18", 3, "2026-09-22"),
    ("2026-09-18", 5, "2026-09-24"),
    ("2026-09-22", 5, "2026-09-30"),
    ("2026-09-29", 3, "2026-10-09"),
    ("2026-09-29", 5, "2026-10-12"),
    ("2026-02-13", 3, "2026-02-25"),
    ("2026-02-13", 5, "2026-02-27"),
    ("2026-04-30", 3, "2026-05-08"),
    ("2026-04-30", 5, "2026-05-11"),
    ("2025-12-31", 3, "2026-01-06"),
    ("2025-01-24", 3, "2025-02-05"),
    ("2025-01-27", 5, "2025-02-10"),
    ("2026-09-19", 3, "2026-09-22"),
    ("2026-12-24", 5, "2026-12-31"),
]
XINJIANG = [
    ("2026-05-26", 3, "2026-06-03", "2026-05-29"),
    ("2026-05-26", 5, "2026-06-05", "2026-06-02"),
    ("2026-03-19", 3, "2026-03-25", "2026-03-24"),
    ("2025-06-05", 3, "2025-06-13", "2025-06-10"),
]
# Dates from worked cases of the procedure: start, limit, extensions, due date.
CASES = [
    ("screening", "2026-09-18", "2wd", (), "2026-09-21"),
    ("referral", "2026-09-18", "3wd", (), "2026-09-22"),
    ("verification", "2026-09-21", "5wd", (), "2026-09-29"),
    ("rectification", "2026-09-24", "30d", (), "2026-10-26"),
    ("screening", "2026-07-06", "2wd", (), "2026-07-08"),
    ("referral", "2026-07-06", "3wd", (), "2026-07-09"),
    ("verification", "2026-07-07", "5wd", (), "2026-07-14"),
    ("feedback", "2026-07-13", "2wd", (), "2026-07-15"),
    ("screening", "2026-03-02", "2wd", (), "2026-03-04"),
    ("referral", "2026-03-02", "3wd", (), "2026-03-05"),
    ("verification", "2026-03-04", "5wd", (), "2026-03-11"),
    ("rectification", "2026-03-11", "30d", (), "2026-04-10"),
    ("statement", "2026-04-02", "5wd", (), "2026-04-10"),
    ("report", "2026-04-14", "0d", (), "2026-04-14"),
    ("performance", "2026-04-14", "30d", (), "2026-05-14"),
    ("measure_end", "2026-09-03", "3wd", (), "2026-09-08"),
    ("screening", "2026-04-30", "2wd", (), "2026-05-07"),
    ("referral", "2026-04-30", "3wd", (), "2026-05-08"),
    ("verification", "2026-05-07", "5wd", (), "2026-05-13"),
    ("rectification", "2026-05-13", "30d", (), "2026-06-12"),
    ("rectification", "2026-05-13", "30d", ("30d",), "2026-07-13"),
    ("screening", "2026-05-11", "2wd", (), "2026-05-13"),
    ("referral", "2026-05-11", "3wd", (), "2026-05-14"),
    ("verification", "2026-05-13", "5wd", (), "2026-05-20"),
    ("rectification", "2026-05-19", "30d", (), "2026-06-18"),
    ("statement", "2026-06-22", "5wd", (), "2026-06-29"),
    ("performance", "2026-06-30", "30d", (), "2026-07-30"),
    ("objection", "2026-07-06", "7wd", (), "2026-07-15"),
    ("referral SME", "2026-06-05", "10wd", (), "2026-06-22"),
    ("handling SME", "2026-06-16", "30d", (), "2026-07-16"),
    ("handling SME", "2026-06-16", "30d", ("60d",), "2026-09-14"),
    ("rectification", "2026-07-10", "30d", (), "2026-08-10"),
    ("statement", "2026-08-11", "5wd", (), "2026-08-18"),
    ("performance", "2026-08-19", "30d", (), "2026-09-18"),
    ("screening", "2026-08-10", "2wd", (), "2026-08-12"),
    ("screening", "2026-09-21", "2wd", (), "2026-09-23"),
    ("screening", "2026-10-09", "2wd", (), "2026-10-12"),
    ("referral", "2026-10-09", "3wd", (), "2026-10-13"),
    ("verification", "2026-10-12", "5wd", (), "2026-10-19"),
    ("rectification", "2026-10-19", "30d", (), "2026-11-18"),
    ("statement", "2026-11-09", "5wd", (), "2026-11-16"),
    ("report", "2026-11-20", "0d", (), "2026-11-20"),
    ("performance", "2026-11-20", "30d", (), "2026-12-21"),
]
ANY_EXTENSION = ExtensionTerms(times=9, each=Limit(999, Unit.CALENDAR_DAY))
WORKING_DAYS = {2020: 249, 2021: 250, 2022: 249, 2023: 249, 2024: 251, 2025: 248, 2026: 248}


@pytest.mark.parametrize(("start", "days", "due"), NATIONAL)
def test_working_days_are_counted_on_the_official_table(start: str, days: int, due: str) -> None:
    counted = compute(rule(f"{days}wd"), noon(start), national_calendar())

    assert counted.due.isoformat() == due
    assert not counted.provisional


@pytest.mark.parametrize(("start", "days", "local", "national"), XINJIANG)
def test_xinjiang_days_off_move_the_due_day(start: str, days: int, local: str, national: str) -> None:
    limit, at = rule(f"{days}wd"), noon(start)

    assert compute(limit, at, xinjiang_calendar()).due.isoformat() == local
    assert compute(limit, at, national_calendar()).due.isoformat() == national


@pytest.mark.parametrize(("clock", "start", "limit", "extensions", "due"), CASES)
def test_clocks_of_worked_cases(clock: str, start: str, limit: str, extensions: tuple[str, ...], due: str) -> None:
    result = compute(
        rule(limit, extension=ANY_EXTENSION),
        noon(start),
        national_calendar(),
        extensions=[Extension(Limit.parse(text)) for text in extensions],
    )

    assert result.due.isoformat() == due, clock


@pytest.mark.parametrize(("year", "expected"), WORKING_DAYS.items())
def test_working_days_of_a_year_match_the_published_count(year: int, expected: int) -> None:
    assert working_days_between(national_calendar(), date(year - 1, 12, 31), date(year, 12, 31)) == expected
