"""Operators, by the clauses of DMN 1.5."""

import pytest

from tests.feel.evaluating import shown, test_passes

LOGIC = [  # tables 48 and 49
    ("true and true", "true"), ("true and false", "false"), ("true and null", "null"), ("false and null", "false"),
    ("null and false", "false"), ("null and null", "null"), ('false and "x"', "false"), ('true and "x"', "null"),
    ("true or null", "true"), ("null or true", "true"), ("false or null", "null"), ("false or false", "false"),
    ('false or 1', "null"), ("not(null)", "null"), ("not(true)", "false"), ('not("x")', "null"),
    ("true or false and false", "true"), ("(true or false) and false", "false"),
]
EQUALITY = [  # 10.3.2.13, table 50
    ("1 = 1.0", "true"), ('1 = "1"', "null"), ("null = null", "true"), ("1 = null", "false"), ("null != 1", "true"),
    ("[1, 2] = [1, 2]", "true"), ("[1, 2] = [2, 1]", "false"), ("[1] = 1", "null"), ("{a: 1, b: 2} = {b: 2, a: 1}", "true"),
    ("{a: 1} = {a: 2}", "false"), ("{} = []", "null"), ("[1..3] = [1..3]", "true"), ("[1..3] = [1..3)", "false"),
    ('duration("P1D") = duration("PT24H")', "true"), ('duration("P1Y") = duration("P365D")', "null"),
    ('time("10:30:00Z") = time("10:30:00+00:00")', "true"), ('time("10:30:00") = time("10:30:00Z")', "false"),
    ('@"2018-12-08T00:00:00+00:00" = @"2018-12-08T00:00:00@Etc/UTC"', "true"),
    ('@"2002-04-02T23:00:00-04:00" = @"2002-04-03T02:00:00-01:00"', "true"),
]
ORDER = [  # table 51
    ("1 < 2", "true"), ("2 <= 2", "true"), ("3 > 4", "false"), ('"a" < "b"', "true"), ('1 < "b"', "null"),
    ("null < 1", "null"), ("true < false", "null"), ('@"2020-01-01" < @"2020-01-02"', "true"),
    ('@"P1D" >= @"PT23H"', "true"), ('@"P1Y" > @"P13M"', "false"), ('@"10:00:00" < @"11:00:00Z"', "null"),
    ("5 between 1 and 5", "true"), ("0 between 1 and 5", "false"), ("null between 1 and 5", "null"),
    ('"b" between "a" and "c"', "true"), ("1 between 0 and 2 and false", "false"),
]
ARITHMETIC = [  # 10.3.2.15
    ("1 + 2 * 3", "7"), ("(1 + 2) * 3", "9"), ("10 - 4 - 3", "3"), ("2 ** 3 ** 2", "64"), ("-3 ** 2", "9"),
    ("2 ** -1", "0.5"), ("3 - -2", "5"), ("1 / 3", "0.3333333333333333333333333333333333"), ("1 / 0", "null"),
    ("0.1 + 0.2", "0.3"), (".5 + 1.5e2", "150.5"), ('1 + "a"', "null"), ('"a" + "b"', "ab"), ("null + 1", "null"),
    ('@"2020-01-31" + @"P1M"', "2020-02-29"), ('@"2020-02-29" - @"P1Y"', "2019-02-28"),
    ('@"2020-03-01" - @"2020-02-01"', "P29D"), ('@"2020-01-01" + @"PT36H"', "2020-01-02"),
    ('@"2020-01-01T10:00:00" + @"PT20H"', "2020-01-02T06:00:00"), ('@"23:00:00" + @"PT2H"', "01:00:00"),
    ('@"2020-01-02T00:00:00Z" - @"2020-01-01T12:00:00+01:00"', "PT13H"), ('@"10:00:00Z" - @"09:30:00Z"', "PT30M"),
    ('@"2020-01-02T00:00:00" - @"2020-01-01T00:00:00Z"', "null"), ('@"P1D" * 1.5', "P1DT12H"), ('3 * @"P5M"', "P1Y3M"),
    ('@"P1D" / @"PT6H"', "4"), ('@"P2Y" / 5', "P4M"), ('@"P1Y" + @"P1D"', "null"), ('-@"P1D"', "-P1D"),
    ('@"P1D" + @"2020-01-01"', "2020-01-02"), ('@"2020-01-01" + @"2020-01-01"', "null"),
]
COLLECTIONS = [  # 10.3.2.5 to 10.3.2.8
    ("[1, 2, 3][1]", "1"), ("[1, 2, 3][-1]", "3"), ("[1, 2, 3][4]", "null"), ("[1, 2, 3][0]", "null"),
    ("[1, 2, 3][item > 1]", "[2, 3]"), ("5[1]", "5"), ("null[1]", "null"), ("[][1]", "null"), ("[] [item > 1]", "[]"),
    ("[{a: 1}, {a: 2}].a", "[1, 2]"), ("[{a: 1, b: 2}, {a: 3, b: 4}][a > 1].b", "[4]"), ("{a: {b: 5}}.a.b", "5"),
    ("{a: 1}.c", "null"), ("{a: 1, b: a + 1, c: a + b}", "{a: 1, b: 2, c: 3}"), ('{"x y": 1}.x y', "1"),
    ("for x in [1, 2], y in [10, 20] return x + y", "[11, 21, 12, 22]"), ("for i in 3..1 return i", "[3, 2, 1]"),
    ("for i in 0..4 return if i = 0 then 1 else i * partial[-1]", "[1, 1, 2, 6, 24]"), ("for i in [] return i", "[]"),
    ('for d in @"2020-02-28"..@"2020-03-01" return day of week(d)', '["Friday", "Saturday", "Sunday"]'),
    ("some x in [1, 2, 3] satisfies x > 2", "true"), ("every x in [1, 2, 3] satisfies x > 2", "false"),
    ("every x in [] satisfies false", "true"), ("some x in [] satisfies true", "false"),
    ("some x in [null] satisfies x > 1", "null"), ("{a: [{b: 1}, {b: {c: 2}}]}...b", "[1, {c: 2}]"),
]
MEMBERSHIP = [  # table 55
    ("1 in [1, 2]", "true"), ("3 in (1, 2)", "false"), ("5 in (1, < 5, >= 5)", "true"), ("5 in (5..7]", "false"),
    ("5 in [5..7)", "true"), ("5 in ]4..6[", "true"), ("6 in [[1..2], [5..7]]", "true"), ('"b" in ["a".."c"]', "true"),
    ("10 in != 9", "true"), ("1 in 1", "true"), ('@"2020-01-05" in [@"2020-01-01"..@"2020-01-31"]', "true"),
    ("5 in > 4", "true"), ("4 in (> 4)", "false"), ("[1] in [[1], [2]]", "true"),
]
OTHER = [
    ('if 1 > 2 then "a" else "b"', "b"), ('if null then "a" else "b"', "b"), ("(function(a, b) a * b)(3, 4)", "12"),
    ("{f: function(x) x + 1, r: f(2)}.r", "3"), ("{f: function(n) if n <= 1 then 1 else n * 2}.f(4)", "8"),
    ("(function(a: number) a)(\"x\")", "null"), ('null()', "null"), ("nothing", "null"), ("unknown(1)", "null"),
    ("1 /* comment */ + // end\n 2", "3"), ('"\\u4e2d\\n"', "中\n"), ('"\\uD83D\\uDC0E"', "🐎"), ("`x`", "null"),
    ("range(\"[2..)\") = >= 2", "true"), ("[1..5].start included", "true"), ("(1..5).end", "5"),
]
INSTANCE_OF = [  # 10.3.2.9, table 54
    ("1 instance of number", "true"), ('"a" instance of number', "false"), ("null instance of number", "false"),
    ("null instance of Null", "true"), ("[1] instance of list<number>", "true"), ('[1, "a"] instance of list<number>', "false"),
    ('@"P1D" instance of days and time duration', "true"), ("{a: 1} instance of context<a: number>", "true"),
    ("{a: 1} instance of context<a: number, b: string>", "false"), ("[1..2] instance of range<number>", "true"),
    ('(function(a: string) "x") instance of function<string>->string', "true"),
    ('(function() "x") instance of function<>->number', "false"), ("1 instance of nowhere", "null"),
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [*LOGIC, *EQUALITY, *ORDER, *ARITHMETIC, *COLLECTIONS, *MEMBERSHIP, *OTHER, *INSTANCE_OF],
)
def test_operator_gives_what_its_table_says(text: str, expected: str) -> None:
    assert shown(text) == expected


@pytest.mark.parametrize(
    ("tests", "given", "expected"),
    [
        ("-", 1, True), ("5", 5, True), ("5, 6", 6, True), ("not(5, 6)", 6, False), ("not(5, 6)", 7, True),
        ("< 5", 4, True), ("[1..3]", 3, True), ("(1..3)", 3, False), ('"a", "b"', "b", True), ("? > 3", 4, True),
        ("odd(?)", 3, True), ('contains(?, "x")', "axb", True), ("[5, 6]", 5, True), ("null", None, True),
        ("limit", 5, True), ("< limit", 4, True), ("true", True, True), ("not(true)", False, True), ("> 5", None, False),
        ("not(< 5)", 5, True), ('< "a"', 5, False), ("[1, 2]", [1, 2], True), ("-5", -5, True),
    ],
)
def test_unary_tests_match_the_input_value(tests: str, given: object, expected: bool) -> None:
    assert test_passes(tests, given, {"limit": 5}) is expected
