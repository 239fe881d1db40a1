"""Functions of lists (DMN 1.5, 10.3.4.4 and 10.3.4.9)."""

import pytest

from tests.feel.evaluating import shown

CASES: dict[str, list[tuple[str, str]]] = {
    "list contains": [("list contains([1, null], null)", "true"), ("list contains([1, 2], 3)", "false")],
    "count": [("count([1, 2])", "2"), ("count([])", "0"), ("count(null)", "null"), ("count(1)", "1")],
    "min": [
        ("min([2, 1])", "1"),
        ("min(3, 2)", "2"),
        ("min([])", "null"),
        ('min(["a", 1])', "null"),
        ('min("b", "a")', "a"),
    ],
    "max": [("max([2, 1])", "2"), ('max(@"P1D", @"P2D")', "P2D"), ("max(null)", "null")],
    "sum": [("sum([1, 2.5])", "3.5"), ("sum([])", "null"), ('sum(1, "a")', "null"), ('sum(@"P1D", @"P2D")', "P3D")],
    "mean": [("mean([1, 2, 3])", "2"), ("mean([])", "null")],
    "sublist": [
        ("sublist([1, 2, 3], 2)", "[2, 3]"),
        ("sublist([1, 2, 3], -2, 1)", "[2]"),
        ("sublist([1], 5)", "null"),
    ],
    "append": [("append([1], 2, 3)", "[1, 2, 3]"), ("append([1], null)", "[1, null]")],
    "concatenate": [("concatenate([1], [2, 3])", "[1, 2, 3]")],
    "insert before": [("insert before([1, 3], 2, 2)", "[1, 2, 3]"), ("insert before([1], 5, 2)", "null")],
    "remove": [("remove([1, 2, 3], 2)", "[1, 3]"), ("remove([1, 2], -1)", "[1]")],
    "list replace": [
        ("list replace([2, 4, 7, 8], 3, 6)", "[2, 4, 6, 8]"),
        ("list replace([2, 4, 7, 8], function(item, newItem) item < newItem, 5)", "[5, 5, 7, 8]"),
    ],
    "reverse": [("reverse([1, 2, 3])", "[3, 2, 1]")],
    "index of": [("index of([1, 2, 3, 2], 2)", "[2, 4]"), ("index of([null, 1], null)", "[1]")],
    "union": [("union([1, 2], [2, 3])", "[1, 2, 3]")],
    "distinct values": [("distinct values([1, 2, 1, null, null])", "[1, 2, null]")],
    "flatten": [("flatten([[1, 2], [[3]], 4])", "[1, 2, 3, 4]")],
    "product": [("product([2, 3, 4])", "24"), ("product([])", "null")],
    "median": [("median(8, 2, 5, 3, 4)", "4"), ("median([6, 1, 2, 3])", "2.5"), ("median([])", "null")],
    "stddev": [("stddev([47])", "null"), ("stddev(2, 4, 7, 5)", "2.081665999466132735282297706979931")],
    "mode": [("mode([6, 1, 9, 6, 1])", "[1, 6]"), ("mode([])", "[]")],
    "partition": [("partition([1, 2, 3], 2)", "[[1, 2], [3]]"), ("partition([1], 0)", "null")],
    "is empty": [("is empty([])", "true")],
    "sort": [
        ("sort([3, 1, 2], function(x, y) x < y)", "[1, 2, 3]"),
        ("sort([3, 1, 2])", "[1, 2, 3]"),
        ("sort(list: [1, 2], precedes: function(x, y) x > y)", "[2, 1]"),
        ('sort([1, "a"])', "null"),
    ],
}


@pytest.mark.parametrize(("text", "expected"), [case for cases in CASES.values() for case in cases])
def test_list_functions_give_what_their_clauses_say(text: str, expected: str) -> None:
    assert shown(text) == expected
