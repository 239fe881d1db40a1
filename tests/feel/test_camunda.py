"""What Camunda's models rely on beside the built-in functions."""

import pytest

from bpmn.feel.api import FeelSyntaxError, compile_expression
from bpmn.feel.errors import FeelAssertionFailed, FeelError
from tests.feel.evaluating import value


@pytest.mark.parametrize("condition", ["x > 0", "x != null", "nothing"])
def test_an_assertion_that_does_not_hold_stops_the_evaluation(condition: str) -> None:
    with pytest.raises(FeelAssertionFailed, match=r"failed: x must be positive"):
        value(f'assert(x, {condition}, "x must be positive")', {"x": None})


def test_a_failed_assertion_is_one_of_the_declared_errors_and_travels() -> None:
    error = FeelAssertionFailed("why")
    assert isinstance(error, FeelError)
    made, arguments = error.__reduce__()
    assert str(made(*arguments)) == str(error)


@pytest.mark.parametrize("text", ["assert(x, x > 0, name)", 'assert(value: x, condition: true, cause: "a" + x)'])
def test_the_cause_of_an_assertion_holds_no_values(text: str) -> None:
    with pytest.raises(FeelSyntaxError, match="a text in quotes"):
        compile_expression(text)


def test_a_variable_may_have_the_name_of_a_function() -> None:
    assert value("count(list) + count", {"count": 5, "list": [1, 2]}) == 7
    assert value("{sum: function(a) 1, r: sum(2)}.r") == 1


@pytest.mark.parametrize("text", ["uuid()", "random number()"])
def test_functions_that_would_differ_on_replay_are_refused(text: str) -> None:
    with pytest.raises(FeelSyntaxError, match="replay"):
        compile_expression(text)
