"""What an operator does to a case, and steps that cannot come to rest."""

from bpmn.events import ElementSkipped, IncidentRetried, InstanceCancelled, TokenMoved, VariablesEdited
from tests.bpmn.bpmn_models import end, flows, gateway, process, script, service, start, user
from tests.bpmn.player import Player


def test_an_operator_moves_skips_and_cancels() -> None:
    body = start() + user("a") + user("b") + service("w") + user("c") + flows("s>a", "a>b", "b>w", "w>c")
    play = Player(process(body))
    token = next(iter(play.state.tokens))  # type: ignore[union-attr]
    play.send(TokenMoved(token, "w"))
    assert (play.open, len(play.jobs)) == ([], 1)
    play.send(ElementSkipped(token, {"x": 1}))
    assert (play.open, play.jobs, play.variables) == (["c"], {}, {"x": 1})
    assert play.refusal(TokenMoved(token, "s")) == "move-target"
    play.send(InstanceCancelled("withdrawn"))
    assert play.state is not None
    assert play.state.status == "cancelled"
    assert play.open == []


def test_a_loop_without_a_wait_is_an_incident_that_keeps_the_event() -> None:
    body = start() + user("a") + gateway("exclusive", "x", default="x_e") + script("k", "1", "v") + end()
    body += flows("s>a", "a>x", "x>k ? true", "x>e", "k>x")
    play = Player(process(body), round_trip=False).do("a")
    assert play.rules == ["step-bound"]
    assert play.state is not None
    assert next(iter(play.state.incidents.values())).event is not None


def test_a_step_that_was_discarded_is_tried_again_with_its_event() -> None:
    body = start() + user("a") + gateway("exclusive", "x", default="x_e") + script("k", "1", "v") + end()
    play = Player(process(body + flows("s>a", "a>x", "x>k ? again", "x>e", "k>x")), {"again": True}, round_trip=False)
    play.do("a")
    assert play.rules == ["step-bound"]
    assert play.open == ["a"]
    assert play.state is not None
    play.send(VariablesEdited(play.state.root, {"again": False}))
    play.send(IncidentRetried(next(iter(play.incidents))))
    assert play.done
