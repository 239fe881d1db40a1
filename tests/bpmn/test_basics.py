"""Sequences, gateways and variables."""

from tests.bpmn.bpmn_models import end, flows, gateway, process, script, service, start, user
from tests.bpmn.player import Player


def test_a_sequence_runs_to_its_end() -> None:
    play = Player(process(start() + user("a") + service("b") + end() + flows("s>a", "a>b", "b>e")))
    assert play.open == ["a"]
    play.do("a", x=1).work("b", y=2)
    assert play.done
    assert play.variables == {"x": 1, "y": 2}


def test_exclusive_takes_the_first_true_flow() -> None:
    body = start() + gateway("exclusive", "g", default="g_c") + user("a") + user("b") + user("c")
    body += flows("s>g", "g>a ? x > 5", "g>b ? x > 3", "g>c")
    assert Player(process(body), {"x": 9}).open == ["a"]
    assert Player(process(body), {"x": 4}).open == ["b"]
    assert Player(process(body), {"x": 1}).open == ["c"]


def test_parallel_waits_for_all() -> None:
    body = start() + gateway("parallel", "f") + user("a") + user("b") + gateway("parallel", "j") + end()
    body += flows("s>f", "f>a", "f>b", "a>j", "b>j", "j>e")
    play = Player(process(body))
    assert play.open == ["a", "b"]
    play.do("b")
    assert not play.done
    play.do("a")
    assert play.done


def test_inclusive_joins_what_was_started() -> None:
    body = start() + gateway("inclusive", "f", default="f_c") + user("a") + user("b") + user("c")
    body += gateway("inclusive", "j") + script("z", "1 + 1", "two") + end()
    body += flows("s>f", "f>a ? x", "f>b ? y", "f>c", "a>j", "b>j", "c>j", "j>z", "z>e")
    play = Player(process(body), {"x": True, "y": True})
    assert play.open == ["a", "b"]
    play.do("a")
    assert not play.done
    play.do("b")
    assert play.done
    assert play.visited().count("z") == 1
    assert play.variables["two"] == 2
