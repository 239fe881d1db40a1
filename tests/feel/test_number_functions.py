"""Functions of numbers (DMN 1.5, 10.3.4.5) and of time (10.3.4.6 to 10.3.4.11)."""

import pytest

from tests.feel.evaluating import shown

CASES: dict[str, list[tuple[str, str]]] = {
    "decimal": [
        ("decimal(1 / 3, 2)", "0.33"),
        ("decimal(1.5, 0)", "2"),
        ("decimal(2.5, 0)", "2"),
        ("decimal(1, 7000)", "null"),
    ],
    "floor": [("floor(-1.5)", "-2"), ("floor(-1.56, 1)", "-1.6")],
    "ceiling": [("ceiling(1.5)", "2"), ("ceiling(-1.56, 1)", "-1.5")],
    "round up": [
        ("round up(5.5, 0)", "6"),
        ("round up(-1.121, 2)", "-1.13"),
        ("round up(5.5)", "null"),
        ("round up(5.5, 6176)", "5.5"),
    ],
    "round down": [("round down(5.5, 0)", "5"), ("round down(-1.126, 2)", "-1.12")],
    "round half up": [("round half up(5.5, 0)", "6"), ("round half up(-5.5, 0)", "-6")],
    "round half down": [("round half down(5.5, 0)", "5"), ("round half down(1.126, 2)", "1.13")],
    "round half even": [("round half even(2.5, 0)", "2")],
    "abs": [("abs(-10)", "10"), ('abs(@"-P1D")', "P1D")],
    "modulo": [
        ("modulo(12, 5)", "2"),
        ("modulo(-12, 5)", "3"),
        ("modulo(12, -5)", "-3"),
        ("modulo(10.1, 4.5)", "1.1"),
        ("modulo(1, 0)", "null"),
    ],
    "sqrt": [("sqrt(16)", "4"), ("sqrt(-1)", "null")],
    "log": [("decimal(log(10), 8)", "2.30258509"), ("log(0)", "null")],
    "exp": [("decimal(exp(5), 8)", "148.4131591")],
    "odd": [("odd(5)", "true"), ("odd(2)", "false"), ("odd(1.5)", "null")],
    "even": [("even(5)", "false"), ("even(-2)", "true")],
    "now": [("now()", "2026-09-18T10:30:00@Asia/Shanghai")],
    "today": [("today()", "2026-09-18")],
    "day of year": [("day of year(date(2019, 9, 17))", "260")],
    "day of week": [("day of week(date(2019, 9, 17))", "Tuesday")],
    "month of year": [("month of year(date(2019, 9, 17))", "September")],
    "week of year": [
        ("week of year(date(2019, 9, 17))", "38"),
        ("week of year(date(2003, 12, 29))", "1"),
        ("week of year(date(2005, 1, 1))", "53"),
    ],
}


@pytest.mark.parametrize(("text", "expected"), [case for cases in CASES.values() for case in cases])
def test_number_functions_give_what_their_clauses_say(text: str, expected: str) -> None:
    assert shown(text) == expected
