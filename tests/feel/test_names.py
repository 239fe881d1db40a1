"""Names with spaces and operators (10.3.1.4) and the errors of the parser."""

import copy
import pickle

import pytest

from bpmn.feel.api import FeelSyntaxError, compile_expression, evaluate
from tests.feel.evaluating import NOW, ZONE, shown


def test_the_longest_name_in_scope_wins() -> None:
    variables = {"a": 10, "b": 3, "a-b": 99}
    assert shown("a-b", variables) == "99"
    assert shown("a - b", variables) == "99"
    assert shown("a-b", {"a": 10, "b": 3}) == "7"


def test_names_may_hold_keywords_and_operators() -> None:
    assert shown("for d in days in weekend return d", {"days in weekend": [6, 7]}) == "[6, 7]"
    assert shown("profit and loss > 3 and true", {"profit and loss": 4}) == "true"
    assert shown("a/b + 1", {"a/b": 1}) == "2"


def test_members_with_spaces_are_read_after_a_dot_and_inside_a_filter() -> None:
    people = {"people": [{"first name": "a", "age": 1}, {"first name": "b", "age": 2}], "first name": "outer"}
    assert shown('people[first name = "b"].age', people) == "[2]"
    assert shown("people[1].first name", people) == "a"
    assert shown("{full name: 1, twice: full name * 2}.full name") == "1"
    assert shown("(function(first part, second part) first part + second part)(second part: 1, first part: 2)") == "3"


def test_backticks_quote_any_name() -> None:
    assert shown("`my var` + 1", {"my var": 1}) == "2"


def test_chinese_names_need_no_quotes() -> None:
    assert shown('投诉.金额 > 100 and 类型 = "合同"', {"投诉": {"金额": 200}, "类型": "合同"}) == "true"


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("1 +", 1, 4),
        ("1 2", 1, 3),
        ("if true then 1", 1, 15),
        ("[1, 2", 1, 6),
        ('"abc', 1, 1),
        ("1 +\n  * 2", 2, 3),
        ("{a: 1, a: 2}", 1, 7),
        ("f(1, x: 2)", 1, 11),
        ("", 1, 1),
        ("/* open", 1, 1),
        ("unknown name", 1, 9),
    ],
)
def test_a_syntax_error_says_where(text: str, line: int, column: int) -> None:
    with pytest.raises(FeelSyntaxError) as caught:
        compile_expression(text)
    assert (caught.value.line, caught.value.column) == (line, column)


@pytest.mark.parametrize("text", ["uuid()", "random number()", "1 + random number()"])
def test_what_differs_on_replay_is_refused_at_compile_time(text: str) -> None:
    with pytest.raises(FeelSyntaxError, match="replay"):
        compile_expression(text)


def test_compiled_expressions_travel_as_text_and_are_shared_when_copied() -> None:
    compiled = compile_expression("claimed amount + 1", {"claimed amount"})
    assert copy.deepcopy(compiled) is compiled
    again = pickle.loads(pickle.dumps(compiled))
    assert again == compiled
    assert evaluate(again, {"claimed amount": 1}, now=NOW, zone=ZONE).value == 2


def test_names_that_differ_in_spacing_only_do_not_depend_on_hash_order() -> None:
    names = {"a-b": 1, "a - b": 1}
    assert shown("a-b", names) == shown("a - b", dict(reversed(names.items())))
