"""Functions of contexts (DMN 1.5, 10.3.4.8), and Camunda's own."""

import pytest

from tests.feel.evaluating import shown

CASES: dict[str, list[tuple[str, str]]] = {
    "get value": [
        ('get value({a: 1}, "a")', "1"),
        ('get value({a: {b: 2}}, ["a", "b"])', "2"),
        ('get value({}, "a")', "null"),
    ],
    "get entries": [("get entries({a: 1})", "[{key: a, value: 1}]".replace("a,", '"a",'))],
    "context": [
        ('context([{key: "a", value: 1}])', "{a: 1}"),
        ('context([{key: "a", value: 1}, {key: "a", value: 2}])', "null"),
        ('context({key: "a", value: null})', "{a: null}"),
        ('context([{key: "a"}])', "null"),
    ],
    "context put": [
        ('context put({a: 1}, "b", 2)', "{a: 1, b: 2}"),
        ('context put({a: {b: 1}}, ["a", "b"], 2)', "{a: {b: 2}}"),
        ("context put({a: 1}, [], 2)", "null"),
        ('context put(context: {}, keys: ["a", "b"], value: 1)', "{a: {b: 1}}"),
        ('context put(context: {}, key: ["a", "b"], value: 1)', "null"),
    ],
    "context merge": [("context merge([{a: 1}, {a: 2, b: 3}])", "{a: 2, b: 3}")],
    "is defined": [("is defined(1)", "true"), ("is defined(nothing)", "false"), ("is defined({a: 1}.b)", "false")],
    "get or else": [
        ("get or else(nothing, 1)", "1"),
        ("get or else(false, 1)", "false"),
        ("get or else(null, null)", "null"),
    ],
    "assert": [("assert(1, 1 > 0)", "1"), ('assert("a", true, "never")', "a")],
    "duplicate values": [
        ("duplicate values([1, 2, 3, 2, 1, 2])", "[2, 1]"),
        ("duplicate values([1, 2])", "[]"),
        ("duplicate values([null, null])", "[null]"),
    ],
    "last day of month": [
        ('last day of month(@"2024-02-03")', "2024-02-29"),
        ('last day of month(@"2026-02-03T10:00:00Z")', "2026-02-28"),
        ('last day of month("2026-02-03")', "null"),
    ],
    "is blank": [('is blank(" \u3000")', "true"), ('is blank("a")', "false"), ("is blank(null)", "null")],
    "to base64": [('to base64("践诺")', "6Le16K+6"), ("to base64(1)", "null")],
    "to json": [
        ('to json({a: 1, b: [true, "践"], c: @"2026-01-02"})', '{"a":1,"b":[true,"践"],"c":"2026-01-02"}'),
        ("to json(null)", "null"),
    ],
    "from json": [
        ("""from json("{\\"a\\": [1.10, null]}")""", "{a: [1.1, null]}"),
        ("from json(\"0.1000000000000000000001\")", "0.1000000000000000000001"),
        ('from json("nothing")', "null"),
        ("""from json("[NaN]")""", "[null]"),
    ],
}


@pytest.mark.parametrize(("text", "expected"), [case for cases in CASES.values() for case in cases])
def test_context_functions_give_what_their_clauses_say(text: str, expected: str) -> None:
    assert shown(text) == expected
