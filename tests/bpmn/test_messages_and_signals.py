"""Messages and signals."""

from datetime import timedelta

import pytest

from bpmn.errors import DeploymentRefused
from bpmn.events import SignalDelivered
from bpmn.reader.read import read
from tests.bpmn.bpmn_models import (
    ROOTS,
    boundary,
    catch,
    end,
    flows,
    gateway,
    io,
    message,
    process,
    properties,
    signal,
    start,
    throw,
    user,
)
from tests.bpmn.player import Player


def test_a_message_is_correlated_by_name_and_key() -> None:
    body = start() + catch("m", message("M"), io(outputs={"sum": "=amount"})) + end() + flows("s>m", "m>e")
    play = Player(process(body, ROOTS), {"order": 7})
    (open_,) = play.messages.values()
    assert (open_.message_name, open_.correlation_key) == ("paid", "7")
    play.deliver("paid", amount=3)
    assert play.variables == {"order": 7, "sum": 3}


def test_a_message_without_key_belongs_to_the_instance() -> None:
    play = Player(process(start() + catch("m", message("N")) + flows("s>m"), ROOTS))
    assert next(iter(play.messages.values())).correlation_key == "case-1"


def test_a_throw_publishes_what_its_inputs_made() -> None:
    body = start() + throw("t", message("M"), io({"amount": "=2*order"})) + end() + flows("s>t", "t>e")
    play = Player(process(body, ROOTS), {"order": 7, "other": 1})
    (published,) = [one for one in play.commands if type(one).__name__ == "PublishMessage"]
    assert (published.name, published.correlation_key, published.variables) == ("paid", "7", {"amount": 14})


def test_a_throw_says_until_when_its_message_is_kept() -> None:
    def published(life: str, **variables: object) -> str | None:
        body = start() + throw("t", message("M"), properties({"jiannuo:timeToLive": life})) + flows("s>t")
        play = Player(process(body, ROOTS), {"order": 7, **variables})
        found = [one.expires_at for one in play.commands if type(one).__name__ == "PublishMessage"]
        return found[0] if found else "; ".join(play.rules)

    begun = Player(process(start() + user("a") + flows("s>a"), ROOTS)).now
    assert published("PT2H") == (begun + timedelta(hours=2)).isoformat()
    assert published('=if order > 5 then "P3D" else null') == (begun + timedelta(days=3)).isoformat()
    assert published('=if order > 9 then "P3D" else null') is None
    assert published('=duration("PT30M")') == (begun + timedelta(minutes=30)).isoformat()
    assert published("=order") == published('="-PT1H"') == "expression-type"


@pytest.mark.parametrize(
    ("body", "refused"),
    [
        (throw("t", message("M"), properties({"jiannuo:timeToLive": "two hours"})), True),
        (throw("t", message("M"), properties({"jiannuo:timeToLive": "-PT2H"})), True),
        (throw("t", signal("S"), properties({"jiannuo:timeToLive": "PT2H"})), True),
        (user("t", properties({"jiannuo:timeToLive": "PT2H"})), True),
        (throw("t", message("M"), properties({"jiannuo:timeToLive": "P3D"})), False),
    ],
)
def test_a_time_to_live_stands_where_a_message_is_thrown_and_is_a_duration(body: str, refused: bool) -> None:
    model = process(start() + body + flows("s>t"), ROOTS)
    if not refused:
        read(model, "x")
        return
    with pytest.raises(DeploymentRefused) as told:
        read(model, "x")
    assert [problem.rule for problem in told.value.problems] == ["time-to-live"]


def test_a_signal_reaches_every_catch_of_the_instance_in_the_same_step() -> None:
    body = start() + gateway("parallel", "f") + catch("c", signal("S")) + user("a") + throw("t", signal("S"))
    body += boundary("b", "a", signal("S")) + user("x") + user("y") + user("z")
    body += flows("s>f", "f>t", "f>c", "f>a", "c>x", "b>y", "t>z")
    play = Player(process(body, ROOTS))
    assert play.open == ["x", "y", "z"]
    assert not play.signals
    assert any(type(one).__name__ == "BroadcastSignal" for one in play.commands)


def test_a_signal_from_outside_reaches_one_subscription() -> None:
    play = Player(process(start() + catch("c", signal("S")) + user("x") + flows("s>c", "c>x"), ROOTS))
    (key,) = play.signals
    play.send(SignalDelivered(key, {"v": 1}))
    assert play.open == ["x"]
    assert play.variables == {"v": 1}


def test_a_process_starts_by_its_message() -> None:
    body = start("m", message("N")) + user("a") + flows("m>a")
    play = Player(process(body, ROOTS), {"x": 1}, start_event="m")
    assert play.open == ["a"]
    assert play.variables == {"x": 1}
