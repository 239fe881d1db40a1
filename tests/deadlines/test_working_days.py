from datetime import date, timedelta

import chinese_calendar
import pytest

from cases.deadlines.calendar import Calendar, DayKind, DayRow, DayTable
from cases.deadlines.compute import compute
from cases.deadlines.errors import BadCalendar, UncoveredDay
from cases.deadlines.national import national_calendar
from cases.deadlines.statutory import FIRST_YEAR, LAST_YEAR, statutory_days
from tests.deadlines.deadline_builders import XINJIANG_DAYS, noon, rule, xinjiang_calendar

HOLIDAY, WORKDAY = DayKind.HOLIDAY, DayKind.WORKDAY


@pytest.mark.parametrize("year", range(2004, 2027))
def test_every_day_of_a_covered_year_equals_the_official_table(year: int) -> None:
    calendar = national_calendar()
    day = date(year, 1, 1)
    while day.year == year:
        assert calendar.is_working(day).working == chinese_calendar.is_workday(day), day
        assert not calendar.is_working(day).provisional
        day += timedelta(days=1)


def test_the_2020_holiday_extension_is_in_the_table() -> None:
    assert not national_calendar().is_working(date(2020, 1, 31)).working


def test_a_day_names_its_reason_and_its_layer() -> None:
    makeup = national_calendar().is_working(date(2026, 9, 20))

    assert makeup.working
    assert makeup.name == "国庆节调休"
    assert makeup.source.startswith("chinesecalendar-")


def test_2027_rests_on_the_statutory_days_and_is_provisional() -> None:
    off = {
        date(2027, 1, 1): "元旦",
        **{date(2027, 2, day): "春节" for day in (5, 6, 7, 8)},
        **{date(2027, 2, day): "春节补假" for day in (9, 10)},
        date(2027, 4, 5): "清明节",
        **{date(2027, 5, day): "劳动节" for day in (1, 2)},
        **{date(2027, 5, day): "劳动节补假" for day in (3, 4)},
        date(2027, 6, 9): "端午节",
        date(2027, 9, 15): "中秋节",
        **{date(2027, 10, day): "国庆节" for day in (1, 2, 3)},
        **{date(2027, 10, day): "国庆节补假" for day in (4, 5)},
    }
    assert statutory_days(2027) == off
    for day in off:
        assert not national_calendar().is_working(day).working
    assert national_calendar().is_working(date(2027, 1, 4)).provisional


def test_the_statutory_rule_agrees_with_the_official_tables_that_followed_it() -> None:
    for year in (2025, 2026):
        for day, name in statutory_days(year).items():
            if "补假" not in name:
                assert not national_calendar().is_working(day).working, day


@pytest.mark.parametrize("year", range(FIRST_YEAR, LAST_YEAR + 1))
def test_every_statutory_year_has_thirteen_days_off_beside_weekends(year: int) -> None:
    assert sum(day.weekday() < 5 for day in statutory_days(year)) == 13


@pytest.mark.parametrize("day", [date(2003, 12, 31), date(2041, 1, 1)])
def test_a_year_beyond_all_tables_is_refused_with_the_remedy(day: date) -> None:
    with pytest.raises(UncoveredDay, match="load the official table"):
        national_calendar().is_working(day)


def test_a_due_date_that_crosses_into_an_unpublished_year_is_provisional() -> None:
    counted = compute(rule("3wd"), noon("2026-12-29"), national_calendar())

    assert (counted.due, counted.provisional) == (date(2027, 1, 4), True)


@pytest.mark.parametrize(
    ("start", "due", "provisional"), [("2026-12-01", "2026-12-31", False), ("2026-12-02", "2027-01-04", True)]
)
def test_a_thirty_day_limit_is_provisional_once_its_last_day_is_unpublished(
    start: str, due: str, provisional: bool
) -> None:
    counted = compute(rule("30d"), noon(start), national_calendar())

    assert (counted.due.isoformat(), counted.provisional) == (due, provisional)


def test_publishing_the_table_makes_the_date_final() -> None:
    published = DayTable.of("2027", [DayRow(date(2027, 1, 4), HOLIDAY, "元旦调休")], years=[2026, 2027])
    calendar = national_calendar().with_official(published)

    counted = compute(rule("1wd"), noon("2027-01-03"), calendar)

    assert (counted.due, counted.provisional) == (date(2027, 1, 5), False)


def test_an_overlay_adds_days_off_and_working_days_to_ordinary_days() -> None:
    overlay = DayTable.of(
        "local", [DayRow(date(2026, 6, 18), HOLIDAY, "瑟宾节"), DayRow(date(2026, 6, 27), WORKDAY, "补班")]
    )
    calendar = national_calendar().with_overlay(overlay)

    assert not calendar.is_working(date(2026, 6, 18)).working
    assert calendar.is_working(date(2026, 6, 18)).source == "local"
    assert calendar.is_working(date(2026, 6, 27)).working


def test_an_overlay_never_undoes_a_named_official_day_and_the_attempt_is_listed() -> None:
    row = DayRow(date(2026, 9, 20), HOLIDAY, "地方放假")
    calendar = national_calendar().with_overlay(DayTable.of("local", [row]))

    assert calendar.is_working(date(2026, 9, 20)).working
    assert [local for local, _ in calendar.outranked()] == [row]
    assert xinjiang_calendar().outranked() == ()


def test_the_overlay_added_last_is_the_most_local_and_wins() -> None:
    day = date(2026, 6, 18)
    region = DayTable.of("region", [DayRow(day, HOLIDAY, "地方放假")])
    banner = DayTable.of("banner", [DayRow(day, WORKDAY, "照常上班")])

    assert national_calendar().with_overlay(region).with_overlay(banner).is_working(day).working
    assert not national_calendar().with_overlay(banner).with_overlay(region).is_working(day).working


def test_an_overlay_outranks_the_statutory_days_of_an_unpublished_year() -> None:
    overlay = DayTable.of("local", [DayRow(date(2027, 3, 10), HOLIDAY, "肉孜节")])

    assert not national_calendar().with_overlay(overlay).is_working(date(2027, 3, 10)).working


def test_a_year_of_which_an_overlay_knows_nothing_is_provisional() -> None:
    assert xinjiang_calendar().is_working(date(2024, 6, 3)).provisional
    assert not xinjiang_calendar().is_working(date(2026, 6, 3)).provisional
    assert {day.weekday() < 5 for day in XINJIANG_DAYS} == {True}


def test_the_version_names_every_layer() -> None:
    assert xinjiang_calendar().version == f"{national_calendar().version}+xinjiang-test"


def test_a_calendar_is_built_from_plain_rows() -> None:
    table = DayTable.of("db-7", [DayRow(date(2026, 1, 1), HOLIDAY, "元旦")])

    assert not Calendar(table).is_working(date(2026, 1, 1)).working
    assert Calendar(table).is_working(date(2026, 1, 2)).working


def test_contradicting_rows_are_refused() -> None:
    day = date(2026, 1, 1)
    with pytest.raises(BadCalendar, match="twice"):
        DayTable.of("x", [DayRow(day, HOLIDAY, "元旦"), DayRow(day, WORKDAY, "元旦")])
    with pytest.raises(BadCalendar, match="does not cover"):
        DayTable.of("x", [DayRow(day, HOLIDAY, "元旦")], years=[2027])
