"""Functions of strings (DMN 1.5, 10.3.4.3)."""

import pytest

from tests.feel.evaluating import shown

CASES: dict[str, list[tuple[str, str]]] = {
    "substring": [
        ('substring("foobar", 3)', "obar"),
        ('substring("foobar", 3, 3)', "oba"),
        ('substring("foobar", -2, 1)', "a"),
        ('substring("\U0001f40eab", 2)', "ab"),
        ('substring("a", 0)', "null"),
        ('substring("a", 5)', "null"),
    ],
    "string length": [
        ('string length("foo")', "3"),
        ('string length("\U0001f40e")', "1"),
        ("string length(null)", "null"),
    ],
    "upper case": [('upper case("aBc4")', "ABC4")],
    "lower case": [('lower case("aBc4")', "abc4")],
    "substring before": [
        ('substring before("foobar", "bar")', "foo"),
        ('substring before("foobar", "x")', ""),
        ('substring before("foobar", "")', ""),
    ],
    "substring after": [
        ('substring after("foobar", "ob")', "ar"),
        ('substring after("", "a")', ""),
        ('substring after("foobar", "")', "foobar"),
    ],
    "contains": [('contains("foobar", "ob")', "true"), ("contains(1, 2)", "null")],
    "starts with": [('starts with("foobar", "fo")', "true")],
    "ends with": [('ends with("foobar", "r")', "true")],
    "string join": [
        ('string join(["a", null, "b"], "-", "<", ">")', "<a-b>"),
        ('string join(["a"], "-", "<")', "null"),
        ('string join(["a", "b", null, "c"], "-")', "a-b-c"),
        ('string join(["a", "b"])', "ab"),
        ('string join([1], "-")', "null"),
        ('string join([], "-")', ""),
        ('string join("a", null)', "a"),
    ],
    "trim": [('trim("  a b ")', "a b")],
    "matches": [
        ('matches("foobar", "^fo*bar")', "true"),
        ('matches("FOO", "foo", "i")', "true"),
        ('matches("a", "[")', "null"),
        ('matches("a\\nb", "a.b")', "false"),
        ('matches("a\\nb", "a.b", "s")', "true"),
        ('matches("x", "x", "z")', "null"),
    ],
    "replace": [
        ('replace("abcd", "(ab)|(a)", "[1=$1][2=$2]")', "[1=ab][2=]cd"),
        ('replace("abracadabra", "a.*?a", "*")', "*c*bra"),
        ('replace("abc", "x*", "-")', "null"),
        ('replace("abc", "b", "$")', "null"),
        ('replace("a.b", ".", "-", "q")', "a-b"),
        ('replace("abc", "[a-c-[b]]", "#")', "#b#"),
        ('replace("a b", "a B", "x", "ix")', "a b"),
    ],
    "split": [
        ('split("John Doe", "\\s")', '["John", "Doe"]'),
        ('split("a;b;;c;;", ";")', '["a", "b", "", "c", "", ""]'),
    ],
    "extract": [('extract("a1b22", "[0-9]+")', '["1", "22"]')],
}


@pytest.mark.parametrize(("text", "expected"), [case for cases in CASES.values() for case in cases])
def test_string_functions_give_what_their_clauses_say(text: str, expected: str) -> None:
    assert shown(text) == expected
