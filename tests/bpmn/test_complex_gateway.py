"""Complex gateways: what fires them, what they do with the rest, and what leaves at their reset (§13.4.5)."""

import pytest

from tests.bpmn.bpmn_models import end, flows, gateway, process, start, user
from tests.bpmn.player import Player


def join(condition: str) -> str:
    return f'<complexGateway id="j"><activationCondition>={condition}</activationCondition></complexGateway>'


THREE = start() + gateway("parallel", "g") + user("a") + user("b") + user("c")
IN = ["s>g", "g>a", "g>b", "g>c", "a>j", "b>j", "c>j"]


def test_flows_that_ask_for_the_reset_get_their_token_then() -> None:
    body = THREE + join("activationCount &gt;= 1") + user("first") + user("rest") + end()
    ways = [*IN, "j>first ? waitingForStart", "j>rest ? not(waitingForStart)", "first>e", "rest>e"]
    play = Player(process(body + flows(*ways))).do("b")
    assert play.open == ["a", "c", "first"]
    assert play.do("a").open == ["c", "first"]
    assert play.do("c").open == ["first", "rest"]
    assert play.do("first").do("rest").done


def test_a_gateway_that_is_not_waited_for_any_more_resets_at_once() -> None:
    """The third branch was never taken: what its flow brings in the next round is no late comer of this one."""
    body = (
        start()
        + gateway("exclusive", "m")
        + gateway("inclusive", "g")
        + user("a")
        + user("b")
        + user("c")
        + join("activationCount &gt;= 1")
        + user("z")
        + gateway("exclusive", "x", default="x_e")
        + end()
    )
    ways = ["s>m", "m>g", "g>a ? not(again)", "g>b ? not(again)", "g>c ? again", "a>j", "b>j", "c>j"]
    play = Player(process(body + flows(*ways, "j>z", "z>x", "x>m ? again", "x>e")), {"again": False})
    assert play.do("a").do("b").open == ["z"]
    assert play.do("z", again=True).open == ["c"]
    assert play.do("c").open == ["z"]
    assert play.do("z", again=False).done


@pytest.mark.parametrize(
    ("condition", "done", "fired"),
    [
        ("activationCount &gt;= 2", ["a"], False),
        ("activationCount &gt;= 2", ["a", "c"], True),
        ("a_j + b_j = 2", ["a", "c"], False),
        ("a_j + b_j = 2", ["a", "b"], True),
        ("activationCount = needed", ["c"], False),
        ("activationCount = needed", ["c", "b", "a"], True),
    ],
)
def test_the_activation_condition_sees_counts_and_variables(condition: str, done: list[str], fired: bool) -> None:
    play = Player(process(THREE + join(condition) + user("z") + end() + flows(*IN, "j>z", "z>e")), {"needed": 3})
    for task in done:
        play.do(task)
    assert ("z" in play.open) is fired


def test_each_true_flow_leaves_a_complex_split_and_the_default_if_none_is() -> None:
    body = start() + '<complexGateway id="j" default="j_c"/>' + user("a") + user("b") + user("c") + end()
    source = process(body + flows("s>j", "j>a ? x > 0", "j>b ? x > 1", "j>c", "a>e", "b>e", "c>e"))
    assert Player(source, {"x": 2}).open == ["a", "b"]
    assert Player(source, {"x": 0}).open == ["c"]


def test_cases_of_the_first_rules_reset_without_a_token() -> None:
    body = THREE + join("activationCount &gt;= 1") + user("first") + user("rest") + end()
    ways = [*IN, "j>first ? late = null", "j>rest ? late != null", "first>e", "rest>e"]
    play = Player(process(body + flows(*ways)), {"late": None}, semantics=1).do("a").do("b").do("c")
    assert play.open == ["first"]
