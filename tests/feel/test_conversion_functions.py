"""Conversion between kinds (DMN 1.5, 10.3.4.1), and the functions of truth (10.3.4.2, 10.3.4.10)."""

import pytest

from tests.feel.evaluating import shown

CASES: dict[str, list[tuple[str, str]]] = {
    "date": [
        ('date("2017-01-03")', "2017-01-03"),
        ("date(2020, 2, 29)", "2020-02-29"),
        ("date(2019, 2, 29)", "null"),
        ('date("2017-1-3")', "null"),
        ('date(@"2017-01-03T10:00:00Z")', "2017-01-03"),
        ("date(null)", "null"),
        ('date("999999999-12-31")', "999999999-12-31"),
        ('date("-0044-03-15")', "-0044-03-15"),
        ("date(day: 1, month: 2, year: 2020)", "2020-02-01"),
        ('date("01211-12-31")', "null"),
    ],
    "time": [
        ('time("11:59:45")', "11:59:45"),
        ('time("11:59:45.123Z")', "11:59:45.123Z"),
        ('time("24:00:00")', "null"),
        ('time("13:20:00@Europe/Paris")', "13:20:00@Europe/Paris"),
        ('time("13:20:00@No/Where")', "null"),
        ('time(11, 59, 45, duration("PT2H"))', "11:59:45+02:00"),
        ("time(11, 59, 45, null)", "11:59:45"),
        ("time(25, 0, 0)", "null"),
        ('time(@"2017-01-03")', "00:00:00Z"),
        ('time("11:59:45+02:45:55")', "11:59:45+02:45:55"),
        ('time("11:00:00+19:00")', "null"),
        ("time(1, 2, 3.5)", "01:02:03.5"),
    ],
    "date and time": [
        ('date and time("2017-01-03T10:00:00")', "2017-01-03T10:00:00"),
        ('date and time("2017-01-03")', "2017-01-03T00:00:00"),
        ('date and time(@"2017-01-03", @"10:00:00Z")', "2017-01-03T10:00:00Z"),
        ('date and time("2017-01-03T24:00:00")', "2017-01-04T00:00:00"),
        ('date and time("2017-01-03T10:00:00z")', "2017-01-03T10:00:00Z"),
        ('date and time("2017-13-03T10:00:00")', "null"),
        ('date and time(@"2026-07-31T14:27:30@Europe/Berlin", "Asia/Shanghai")', "2026-07-31T20:27:30@Asia/Shanghai"),
        ('date and time(@"2026-07-31T14:27:30", "Z")', "2026-07-31T06:27:30Z"),
        ('date and time(@"2026-07-31T14:27:30Z", "-02:30")', "2026-07-31T11:57:30-02:30"),
        ('date and time(@"2026-07-31T14:27:30Z", "No/Where")', "null"),
    ],
    "duration": [
        ('duration("P1DT2H3M4.5S")', "P1DT2H3M4.5S"),
        ('duration("-P14M")', "-P1Y2M"),
        ('duration("P")', "null"),
        ('duration("P1Y2D")', "null"),
        ('duration("PT0S")', "PT0S"),
        ('duration("P0M")', "P0M"),
        ('duration("PT")', "null"),
        ('duration("PT100H")', "P4DT4H"),
    ],
    "years and months duration": [
        ('years and months duration(@"2011-12-22", @"2013-08-24")', "P1Y8M"),
        ('years and months duration(@"2013-08-24", @"2011-12-22")', "-P1Y8M"),
        ('years and months duration(@"2020-01-31", @"2020-02-29")', "P0M"),
    ],
    "number": [
        ('number("1 000,5", " ", ",")', "1000.5"),
        ('number("1.5")', "1.5"),
        ('number("1,000.5", ",", ".")', "1000.5"),
        ('number("x")', "null"),
        ('number("1,0", ",", ",")', "null"),
        ('number("10", null, null)', "10"),
    ],
    "string": [
        ("string(1.10)", "1.1"),
        ("string(true)", "true"),
        ("string(null)", "null"),
        ('string("a")', "a"),
        ('string([1, "a", {b: null}])', '[1, "a", {b: null}]'),
        ("string([1..2))", "[1..2)"),
    ],
    "range": [
        ('range("[1..3]")', "[1..3]"),
        ('range("(1..3)") = (1..3)', "true"),
        ('range("[1..]")', "null"),
        ('range("[\\"a\\"..\\"c\\"]")', '["a".."c"]'),
        ('range("[3..1]")', "null"),
        ('range("")', "null"),
        ('range("[date(\\"2020-01-01\\")..@\\"2020-01-02\\"]").end', "2020-01-02"),
        ('range("[x..3]")', "null"),
    ],
    "not": [("not(true)", "false"), ("not(1)", "null")],
    "is": [
        ('is(@"23:00:50Z", @"23:00:50+00:00")', "true"),
        ("is(1, 1.0)", "true"),
        ('is(@"2012-12-25", @"23:00:50")', "false"),
        ('is(@"23:00:50@Europe/Paris", @"23:00:50+01:00")', "false"),
        ('is(@"23:00:50@Europe/Paris", @"23:00:50@Europe/Berlin")', "false"),
        ('is(@"23:00:50@Europe/Paris", @"23:00:50@Europe/Paris")', "true"),
        ('is(value1: @"2021-02-13")', "false"),
        ('is(value2: @"2021-02-13")', "false"),
        ("is(value1: 1, value2: 1, value3: 1)", "null"),
        ('is(@"2020-01-01T01:00:00+01:00", @"2020-01-01T00:00:00Z")', "false"),
        ("is(null, null)", "true"),
    ],
    "all": [
        ("all([true, true])", "true"),
        ("all(true, false)", "false"),
        ("all([])", "true"),
        ("all([true, null])", "null"),
        ("all(0)", "null"),
    ],
    "any": [("any([false, true])", "true"), ("any([])", "false"), ("any([false, null])", "null")],
}


@pytest.mark.parametrize(("text", "expected"), [case for cases in CASES.values() for case in cases])
def test_conversion_functions_give_what_their_clauses_say(text: str, expected: str) -> None:
    assert shown(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('range("< date(2021, 1, 1)")', "< 2021-01-01"),
        ('range(">= \\"c\\"")', '>= "c"'),
        ('range("[duration(\\"P1D\\")..@\\"P2D\\")")', "[P1D..P2D)"),
        ('range("(1..date(2021, 1, 1))")', "null"),
        ('range("[date(string(\\"2021-01-01\\"))..date(2021, 1, 2)]")', "null"),
        ('range("< 1 2")', "null"),
        ('range("<")', "null"),
    ],
)
def test_ranges_are_read_from_text_when_their_ends_are_literals(text: str, expected: str) -> None:
    assert shown(text) == expected
