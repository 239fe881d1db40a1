"""Built-in functions as a whole; the clauses of DMN 1.5 have a file for each kind."""

from bpmn.feel.registry import NAMES
from tests.feel import (
    test_context_functions,
    test_conversion_functions,
    test_list_functions,
    test_number_functions,
    test_range_functions,
    test_string_functions,
)
from tests.feel.evaluating import shown

_FILES = (
    test_context_functions, test_conversion_functions, test_list_functions, test_number_functions,
    test_range_functions, test_string_functions,
)


def test_every_built_in_has_cases() -> None:
    assert sorted(NAMES) == sorted(name for file in _FILES for name in file.CASES)


def test_implicit_conversions_reach_arguments() -> None:
    assert shown('contains(["foobar"], "of")') == "false"
    assert shown("count(1)") == "1"
    assert shown('upper case(["a"])') == "A"


def test_the_order_of_names_tells_signatures_of_equal_names_apart() -> None:
    assert shown("before(range: [1..5), point: 5)") == "true"
    assert shown("before(point: 5, range: [1..5))") == "false"
    assert shown('substring(start position: 2, string: "abc")') == "bc"


def test_descendants_come_in_document_order() -> None:
    given = "{a: {b: {c: {x: 1}, x: [2, null]}}, x: 3, y: [{x: 4}]}"
    assert shown(f"{given}...x") == "[1, 2, 3, 4]"
    assert shown(f"{given}...none") == "[]"
