"""Conditional events: when a condition is judged, and what catching it does."""

import pytest

from bpmn.errors import DeploymentRefused
from bpmn.events import VariablesEdited
from bpmn.reader.read import read
from tests.bpmn.bpmn_models import (
    boundary,
    catch,
    conditional,
    end,
    event_sub,
    extension,
    flows,
    gateway,
    multi,
    process,
    script,
    start,
    sub,
    user,
)
from tests.bpmn.player import Player


def test_a_condition_is_judged_at_entry_and_at_each_change() -> None:
    body = start() + gateway("parallel", "f") + catch("c", conditional("x > 1")) + user("a") + user("b")
    source = process(body + flows("s>f", "f>c", "f>a", "c>b"))
    assert Player(source, {"x": 5}).open == ["a", "b"]
    assert Player(source).open == ["a"]
    assert Player(source).do("a", x=2).open == ["b"]


def test_a_non_interrupting_condition_must_become_false_before_it_fires_again() -> None:
    body = start() + user("a") + boundary("b", "a", conditional("x > 1"), False) + user("c") + flows("s>a", "b>c")
    play = Player(process(body))
    for value, expected in ((2, 1), (3, 1), (0, 1), (5, 2)):
        play.send(VariablesEdited(play.state.root, {"x": value}))
        assert play.open == ["a"] + ["c"] * expected


AT_ONCE = {
    "true at entry, on a subprocess without a wait": ({"x": 1}, script("t", "1", "y")),
    "made true inside, before a last script": ({"x": 0}, script("t", "1", "x") + script("v", "1", "y")),
    "true for a moment": ({"x": 0}, script("t", "1", "x") + script("v", "2", "x")),
}


@pytest.mark.parametrize("how", AT_ONCE)
def test_a_condition_is_judged_before_the_work_goes_on(how: str) -> None:
    given, inside = AT_ONCE[how]
    chain = ["i>t", "t>v", "v>o"] if 'id="v"' in inside else ["i>t", "t>o"]
    part = sub("part", start("i") + inside + end("o") + flows(*chain))
    body = start() + part + boundary("b", "part", conditional("x = 1")) + user("caught") + user("missed")
    source = process(body + flows("s>part", "part>missed", "b>caught"))
    assert Player(source, given).open == ["caught"]
    # The rules that older cases have judged only when every token rests.
    assert Player(source, given, semantics=1).open == ["missed"]


def test_a_scope_that_begins_with_a_true_condition_is_taken_over_before_its_first_task() -> None:
    handler = event_sub("h", start("hs", conditional("x = 1")) + user("caught") + flows("hs>caught"))
    play = Player(process(start() + script("t", "1", "y") + end() + flows("s>t", "t>e") + handler), {"x": 1})
    assert play.open == ["caught"]
    assert "t" not in play.visited("entered")


def test_a_task_without_a_wait_is_interrupted_before_it_works() -> None:
    body = start() + script("t", "2", "y") + boundary("b", "t", conditional("x = 1")) + user("caught") + end()
    play = Player(process(body + flows("s>t", "t>e", "b>caught")), {"x": 1})
    assert play.open == ["caught"]
    assert "y" not in play.variables


def test_a_thousand_that_watch_and_write_are_judged_in_a_step() -> None:
    inside = start("i") + script("t", "1", "y") + user("u") + boundary("b", "u", conditional("x = 5"), False)
    inside += user("w") + end("o") + flows("i>t", "t>u", "u>o", "b>w")
    loop = multi(cardinality="1000")
    play = Player(process(start() + sub("part", inside + loop) + flows("s>part")), {"x": 0}, round_trip=False)
    assert play.state is not None
    assert len(play.send(VariablesEdited(play.state.root, {"x": 5})).open) == 2000


def filtered(attributes: str) -> str:
    return (
        f"<conditionalEventDefinition>{extension(f'<zeebe:conditionalFilter {attributes}/>')}"
        "<condition>=x + y &gt; 1</condition></conditionalEventDefinition>"
    )


@pytest.mark.parametrize(
    ("attributes", "changes", "caught"),
    [
        ('variableNames="y"', [{"x": 5}], False),
        ('variableNames="y"', [{"x": 5}, {"y": 0}], True),
        ('variableNames="x, y"', [{"x": 5}], True),
        ('variableEvents="create"', [{"x": 5}], False),
        ('variableEvents="update"', [{"x": 5}], True),
        ('variableEvents="create"', [{"x": 5}, {"new": 0}], True),
        ('variableNames="x" variableEvents="create,update"', [{"x": 5}], True),
    ],
)
def test_a_filter_says_which_writes_have_a_condition_judged_anew(
    attributes: str, changes: list[dict[str, int]], caught: bool
) -> None:
    body = start() + user("a") + boundary("b", "a", filtered(attributes)) + user("late") + end()
    play = Player(process(body + flows("s>a", "a>e", "b>late")), {"x": 0, "y": 0})
    assert play.state is not None
    for change in changes:
        play.send(VariablesEdited(play.state.root, change))
    assert (play.open == ["late"]) is caught


def test_a_filter_does_not_hold_back_what_is_true_at_entry() -> None:
    body = start() + user("a") + boundary("b", "a", filtered('variableNames="z"')) + user("late") + end()
    assert Player(process(body + flows("s>a", "a>e", "b>late")), {"x": 5, "y": 0}).open == ["late"]


def test_a_filter_of_another_change_is_refused() -> None:
    body = start() + user("a") + boundary("b", "a", filtered('variableEvents="delete"')) + end()
    with pytest.raises(DeploymentRefused, match="conditional-filter"):
        read(process(body + flows("s>a", "a>e", "b>e")), "x")
