"""Messages are told apart by correlation keys of the standard (§8.4.2), and messages by flows and operations."""

import pytest

from bpmn.commands import PublishMessage
from bpmn.errors import DeploymentRefused
from bpmn.reader.read import read
from tests.bpmn.bpmn_models import catch, definitions, end, flows, io, message, process, start, throw
from tests.bpmn.player import Player


def key(*names: str) -> str:
    """Messages M and N carry each property as an entry of that name; the conversation's key is all of them."""
    properties = "".join(
        f'<correlationProperty id="p_{name}">'
        + "".join(
            f'<correlationPropertyRetrievalExpression messageRef="{one}"><messagePath>={name}</messagePath>'
            "</correlationPropertyRetrievalExpression>"
            for one in ("M", "N")
        )
        + "</correlationProperty>"
        for name in names
    )
    references = "".join(f"<correlationPropertyRef>p_{name}</correlationPropertyRef>" for name in names)
    return (
        '<message id="M" name="order"/><message id="N" name="bill"/>'
        f'{properties}<collaboration id="c"><participant id="A" processRef="p"/>'
        f'<correlationKey id="k">{references}</correlationKey></collaboration>'
    )


def subscription(**paths: str) -> str:
    bindings = "".join(
        f'<correlationPropertyBinding correlationPropertyRef="p_{name}"><dataPath>={path}</dataPath>'
        "</correlationPropertyBinding>"
        for name, path in paths.items()
    )
    return f'<correlationSubscription id="cs" correlationKeyRef="k">{bindings}</correlationSubscription>'


WAITS = start() + catch("w", message("M")) + end() + flows("s>w", "w>e")
SENDS = start() + throw("t", message("N"), io({"number": "=n", "year": "=2026"})) + end() + flows("s>t", "t>e")


def keys(play: Player) -> list[str]:
    return [one.correlation_key for one in play.messages.values()]


def test_a_process_waits_for_the_key_that_it_subscribes_to() -> None:
    play = Player(process(subscription(number="mine.no") + WAITS, key("number")), {"mine": {"no": 42}})
    assert keys(play) == ["42"]


def test_a_key_of_several_properties_is_their_values_in_order() -> None:
    given = subscription(year="y", number="n")
    assert keys(Player(process(given + WAITS, key("number", "year")), {"n": 7, "y": 2026})) == ["7,2026"]


@pytest.mark.parametrize(("names", "expected"), [(("number",), "9"), (("number", "year"), "9,2026")])
def test_what_is_sent_has_the_key_that_its_content_says(names: tuple[str, ...], expected: str) -> None:
    play = Player(process(SENDS, key(*names)), {"n": 9})
    (sent,) = (one for one in play.commands if isinstance(one, PublishMessage))
    assert (sent.name, sent.correlation_key) == ("bill", expected)


def test_without_a_subscription_the_key_is_that_of_the_case() -> None:
    assert keys(Player(process(WAITS, key("number")), business_key="case-9")) == ["case-9"]


def test_a_value_that_is_missing_is_an_incident() -> None:
    assert Player(process(subscription(number="nothing") + WAITS, key("number"))).rules == ["expression-type"]


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        (subscription(number="n").replace('"k"', '"none"') + WAITS, "dangling-reference"),
        (subscription(year="y") + WAITS, "correlation"),
        (subscription(number="n").replace("<dataPath>=n</dataPath>", "") + WAITS, "expression-required"),
    ],
)
def test_a_subscription_that_says_too_little_is_refused(body: str, rule: str) -> None:
    with pytest.raises(DeploymentRefused) as refused:
        read(process(body, key("number")), "x")
    assert rule in {problem.rule for problem in refused.value.problems}


POOLS = '<participant id="A" processRef="p"/><participant id="B" processRef="q"/>'
SIDES = (
    f'<process id="p" isExecutable="true">{start()}<sendTask id="t"/>{end()}{flows("s>t", "t>e")}</process>'
    f'<process id="q" isExecutable="true">{start("i")}<receiveTask id="r"/>{end("o")}{flows("i>r", "r>o")}</process>'
)


def test_a_message_flow_says_which_message_its_ends_exchange() -> None:
    flow = '<messageFlow id="f" sourceRef="t" targetRef="r" messageRef="M"/>'
    source = definitions(SIDES, f'<message id="M" name="order"/><collaboration id="c">{POOLS}{flow}</collaboration>')
    sent = [one.name for one in Player(source).commands if isinstance(one, PublishMessage)]
    waiting = [one.message_name for one in Player(source, process_id="q").messages.values()]
    assert (sent, waiting) == (["order"], ["order"])


def test_an_operation_says_which_message_asks_for_it() -> None:
    shared = (
        '<message id="M" name="order"/><interface id="i" name="shop"><operation id="op" name="buy">'
        "<inMessageRef>M</inMessageRef></operation></interface>"
    )
    body = start() + '<sendTask id="t" operationRef="op"/>' + end() + flows("s>t", "t>e")
    assert [one.name for one in Player(process(body, shared)).commands if isinstance(one, PublishMessage)] == ["order"]
