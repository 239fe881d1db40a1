"""Gateways and sequence flows: what is chosen, what is joined, what starves."""

from bpmn.events import ElementSkipped, IncidentRetried, TokenMoved, VariablesEdited
from tests.bpmn.bpmn_models import flows, gateway, process, start, user
from tests.bpmn.player import Player


def test_no_true_condition_is_an_incident_and_is_retried_after_an_edit() -> None:
    body = start() + gateway("exclusive", "g") + user("a") + user("b") + flows("s>g", "g>a ? x = 1", "g>b ? x = 2")
    play = Player(process(body), {"x": 3})
    assert play.rules == ["no-flow"]
    assert play.state is not None
    play.send(VariablesEdited(play.state.root, {"x": 2}))
    play.send(IncidentRetried(next(iter(play.incidents))))
    assert (play.open, play.incidents) == (["b"], {})


def test_a_condition_that_is_null_is_an_incident() -> None:
    body = (
        start() + gateway("exclusive", "g", default="g_b") + user("a") + user("b") + flows("s>g", "g>a ? n > 1", "g>b")
    )
    assert Player(process(body)).rules == ["condition-type"]


def test_a_complex_gateway_fires_on_its_condition_and_swallows_the_rest() -> None:
    body = start() + gateway("parallel", "f") + user("a") + user("b") + user("c") + user("z")
    body += '<complexGateway id="j"><activationCondition>=activationCount >= 2</activationCondition></complexGateway>'
    body += flows("s>f", "f>a", "f>b", "f>c", "a>j", "b>j", "c>j", "j>z")
    play = Player(process(body)).do("a")
    assert play.open == ["b", "c"]
    assert play.do("b").open == ["c", "z"]
    assert play.do("c").open == ["z"]
    assert play.do("z").done


def test_a_gateway_that_chooses_is_not_skipped_but_moved_on() -> None:
    body = start() + gateway("exclusive", "g") + user("a") + user("b") + flows("s>g", "g>a ? x = 1", "g>b ? x = 2")
    play = Player(process(body), {"x": 3})
    token = next(iter(play.incidents.values())).token_key
    assert play.refusal(ElementSkipped(token)) == "skip-gateway"
    assert play.send(TokenMoved(token, "b")).open == ["b"]


def test_an_uncontrolled_merge_multiplies_tokens() -> None:
    body = start() + gateway("parallel", "f") + user("a") + flows("s>f", "f>a")
    body += '<sequenceFlow id="second" sourceRef="f" targetRef="a"/>'
    assert Player(process(body)).open == ["a", "a"]


def test_conditions_out_of_an_activity_choose_every_true_flow() -> None:
    body = start() + user("a", default="a_d") + user("b") + user("c") + user("d")
    source = process(body + flows("s>a", "a>b ? x > 1", "a>c ? x > 2", "a>d"))
    assert Player(source, {"x": 3}).do("a").open == ["b", "c"]
    assert Player(source, {"x": 1}).do("a").open == ["d"]


def test_two_inclusive_joins_in_a_circle_do_not_hang() -> None:
    body = start() + gateway("parallel", "f") + gateway("inclusive", "j1") + gateway("inclusive", "j2")
    body += gateway("exclusive", "x1", default="x1_u1") + gateway("exclusive", "x2", default="x2_u2") + user("u1")
    body += user("u2") + flows(
        "s>f", "f>j1", "f>j2", "j1>x1", "x1>u1", "x1>j2 ? false", "j2>x2", "x2>u2", "x2>j1 ? false"
    )
    assert Player(process(body)).open == ["u1", "u2"]


def test_a_join_that_starves_is_an_incident_and_its_token_can_be_moved() -> None:
    body = (
        start()
        + gateway("exclusive", "x", default="x_b")
        + user("a")
        + user("b")
        + gateway("parallel", "j")
        + user("z")
    )
    play = Player(process(body + flows("s>x", "x>a ? false", "x>b", "a>j", "b>j", "j>z"))).do("b")
    assert play.rules == ["join-starved"]
    (incident,) = play.incidents.values()
    play.send(IncidentRetried(incident.incident_key))
    assert play.rules == ["join-starved"]
    play.send(TokenMoved(incident.token_key, "z"))
    assert (play.open, play.incidents) == (["z"], {})
    assert play.do("z").done
