"""Relations between points and ranges (DMN 1.5, 10.3.4.9, table 78)."""

import pytest

from tests.feel.evaluating import shown

CASES: dict[str, list[tuple[str, str]]] = {
    "before": [
        ("before(1, 10)", "true"),
        ("before([1..10], 10)", "false"),
        ("before([1..10), 10)", "true"),
        ("before([1..10], (10..20])", "true"),
        ('before(1, "a")', "null"),
        ("before(1, >= 2)", "true"),
    ],
    "after": [("after(10, 1)", "true"), ("after(12, [1..10])", "true"), ("after((10..20], [1..10])", "true")],
    "meets": [("meets([1..5], [5..10])", "true"), ("meets([1..5), [5..10])", "false")],
    "met by": [("met by([5..10], [1..5])", "true")],
    "overlaps": [("overlaps([1..5], [3..8])", "true"), ("overlaps([1..5), [5..8])", "false")],
    "overlaps before": [("overlaps before([1..5], [3..8])", "true"), ("overlaps before([1..5], [1..5])", "false")],
    "overlaps after": [("overlaps after([3..8], [1..5])", "true")],
    "finishes": [("finishes(10, [1..10])", "true"), ("finishes([5..10], [1..10])", "true")],
    "finished by": [("finished by([1..10], 10)", "true")],
    "includes": [
        ("includes([1..10], 5)", "true"),
        ("includes([1..10], [4..6])", "true"),
        ("includes((1..10], 1)", "false"),
    ],
    "during": [("during(5, [1..10])", "true"), ("during([4..6], [1..10])", "true")],
    "starts": [("starts(1, [1..10])", "true"), ("starts([1..5], [1..10])", "true")],
    "started by": [("started by([1..10], 1)", "true")],
    "coincides": [
        ("coincides(5, 5)", "true"),
        ("coincides([1..5], [1..5])", "true"),
        ("coincides([1..5], (1..5])", "false"),
    ],
}


@pytest.mark.parametrize(("text", "expected"), [case for cases in CASES.values() for case in cases])
def test_range_functions_give_what_their_clauses_say(text: str, expected: str) -> None:
    assert shown(text) == expected
