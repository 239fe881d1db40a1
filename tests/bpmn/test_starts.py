"""Ways in which an instance begins, other than by one none start event."""

import pytest

from bpmn.engine import check
from bpmn.events import GraphRef, InstanceStarted, SignalDelivered
from bpmn.reader.read import read
from tests.bpmn.bpmn_models import catch, flows, gateway, message, process, signal, start, timer, user
from tests.bpmn.player import Player

SHARED = '<message id="M" name="m"/><message id="N" name="n"/><signal id="S" name="sig"/>'
ALL = start("s", message("M") + signal("S") + message("N"), parallelMultiple="true") + user("a") + flows("s>a")
RACE = catch("c1", message("M")) + catch("c2", message("N")) + user("a") + user("b")
RACE += flows("g>c1", "g>c2", "c1>a", "c2>b")


def begin(body: str, **given: object) -> Player:
    return Player(process(body, SHARED), **given)  # type: ignore[arg-type]


def test_a_parallel_multiple_start_waits_for_what_is_still_missing() -> None:
    play = begin(ALL, variables={"first": 1}, start_event="s", definition=0)
    assert play.open == []
    assert play.deliver("n", second=2).open == []
    assert play.send(SignalDelivered(next(iter(play.signals)))).open == ["a"]
    assert (play.messages, play.signals, play.variables) == ({}, {}, {"first": 1, "second": 2})


def test_a_parallel_multiple_start_begins_at_once_when_all_was_caught_outside() -> None:
    assert begin(ALL, start_event="s").open == ["a"]


def test_a_start_by_a_definition_that_is_not_there_is_refused() -> None:
    graph = read(process(ALL, SHARED), "x")
    refused = check({graph.hash: graph}, None, InstanceStarted(GraphRef(graph.hash, "p"), "k", {}, "s", 3))
    assert refused is not None
    assert refused.rule == "no-start"


def test_a_multiple_start_begins_by_any_of_its_events() -> None:
    body = start("s", message("M") + timer("PT1H")) + user("a") + flows("s>a")
    assert begin(body, start_event="s", definition=1).open == ["a"]


def test_an_instantiating_gateway_starts_at_the_event_that_came() -> None:
    assert begin(gateway("eventBased", "g", instantiate="true") + RACE, start_event="c2").open == ["b"]


def test_a_parallel_instantiating_gateway_waits_for_the_other_events_too() -> None:
    both = gateway("eventBased", "g", instantiate="true", eventGatewayType="Parallel")
    play = begin(both + RACE, start_event="c1")
    assert play.open == ["a"]
    assert play.do("a").done is False
    assert play.deliver("n").do("b").done


def test_a_parallel_instantiating_gateway_that_is_started_by_hand_waits_for_each_event() -> None:
    both = gateway("eventBased", "g", instantiate="true", eventGatewayType="Parallel")
    assert begin(both + RACE).deliver("n").deliver("m").open == ["a", "b"]


def test_an_instantiating_receive_task_starts_by_its_message() -> None:
    body = '<receiveTask id="r" messageRef="M" instantiate="true"/>' + user("a") + flows("r>a")
    assert begin(body, variables={"x": 1}, start_event="r").open == ["a"]


@pytest.mark.parametrize(
    "body", [user("a") + user("b"), user("a") + catch("c", timer("PT1H")) + user("b") + flows("c>b")]
)
def test_without_a_start_event_everything_without_an_incoming_flow_starts(body: str) -> None:
    assert begin(body).wait(hours=2).open == ["a", "b"]


def test_elements_and_flows_need_no_ids() -> None:
    body = '<startEvent id="s"/>' + user("a") + user("b") + '<sequenceFlow sourceRef="s" targetRef="a"/>'
    body += '<sequenceFlow sourceRef="a" targetRef="b"/><sequenceFlow sourceRef="b" targetRef="e"/><endEvent id="e"/>'
    assert begin(body).do("a").do("b").done
