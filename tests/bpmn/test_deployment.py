"""What is refused at deployment, by which rule; and what is not."""

import pytest

from bpmn.errors import DeploymentRefused
from bpmn.reader.read import read
from tests.bpmn.bpmn_models import (
    CANCEL,
    COMPENSATE,
    boundary,
    catch,
    conditional,
    definitions,
    end,
    error,
    escalation,
    event_sub,
    flows,
    gateway,
    message,
    multi,
    process,
    script,
    start,
    sub,
    throw,
    timer,
    user,
)
from tests.bpmn.player import Player

SHARED = '<message id="N" name="note"/><error id="E1" errorCode="bad"/><error id="E0"/><escalation id="X0"/>'
LINK = '<linkEventDefinition name="L"/>'


def rules(source: bytes) -> list[str]:
    with pytest.raises(DeploymentRefused) as refused:
        read(source, "test.bpmn")
    assert all(problem.message and problem.remedy for problem in refused.value.problems)
    return sorted({problem.rule for problem in refused.value.problems})


CASES = {
    "start-incoming": start() + user("a") + flows("s>a", "a>s"),
    "end-outgoing": start() + end() + user("a") + flows("s>e", "e>a"),
    "boundary-host": start() + gateway("exclusive", "g") + boundary("b", "g", timer("PT1H")) + flows("s>g"),
    "boundary-incoming": start() + user("a") + boundary("b", "a", timer("PT1H")) + flows("s>a", "a>b"),
    "event-position": start() + end("e", timer("PT1H")) + flows("s>e"),
    "event-definition": start() + catch("c", "") + flows("s>c"),
    "must-interrupt": start() + user("a") + boundary("b", "a", error("E1"), False) + flows("s>a"),
    "thrown-code": start() + end("e", error("E0")) + flows("s>e"),
    "cancel-place": start() + end("e", CANCEL) + flows("s>e"),
    "dangling-reference": start() + user("a") + flows("s>a", "a>nowhere"),
    "flow-scope": start() + sub("p1", user("i")) + user("a") + flows("s>p1", "i>a"),
    "flow-ends": start() + '<textAnnotation id="note"/>' + flows("s>note"),
    "unique-id": start() + user("a") + user("a") + flows("s>a"),
    "default-flow": start() + user("a", default="s_a") + flows("s>a"),
    "unreachable": start() + user("a") + user("lost") + flows("s>a"),
    "event-subprocess-start": start() + user("a") + flows("s>a") + event_sub("es", user("i")),
    "event-subprocess-flow": start() + event_sub("es", start("m", message("N"))) + user("a") + flows("s>a", "a>es"),
    "subprocess-start": start() + sub("p1", start("i1") + start("i2")) + flows("s>p1"),
    "ad-hoc-events": start() + sub("p1", start("i1") + user("i"), "", "adHocSubProcess") + flows("s>p1"),
    "gateway-condition": start() + gateway("exclusive", "g") + user("a") + user("b") + flows("s>g", "g>a", "g>b ? x"),
    "gateway-direction": start()
    + gateway("parallel", "g", gatewayDirection="Converging")
    + user("a")
    + user("b")
    + flows("s>g", "g>a", "g>b"),
    "event-gateway": start() + gateway("eventBased", "g") + catch("t", timer("PT1H")) + flows("s>g", "g>t"),
    "event-gateway-target": start()
    + gateway("eventBased", "g")
    + catch("t", timer("PT1H"))
    + user("a")
    + flows("s>g", "g>t", "g>a"),
    "link-target": start() + throw("t", LINK) + flows("s>t"),
    "link-source": start() + catch("t", LINK) + user("a") + flows("s>a"),
    "compensation-handler": start() + user("a") + boundary("b", "a", COMPENSATE) + flows("s>a"),
    "timer-text": start() + catch("t", timer("soon")) + flows("s>t"),
    "timer-definition": start() + catch("t", "<timerEventDefinition/>") + flows("s>t"),
    "endless-loop": start() + gateway("exclusive", "g") + script("k", "1", "v") + flows("s>g", "g>k", "k>g"),
    "empty-process": "<documentation>nothing</documentation>",
    "message-reference": start() + catch("t", message("none")) + flows("s>t"),
    "expression-required": start()
    + catch("t", "<conditionalEventDefinition><condition>x</condition></conditionalEventDefinition>")
    + flows("s>t"),
    "feel-syntax": start() + script("k", "1 +", "v") + flows("s>k"),
    "task-definition": start() + '<serviceTask id="w"/>' + flows("s>w"),
    "called-element": start() + '<callActivity id="w"/>' + flows("s>w"),
    "loop-size": start() + user("a", inside=multi()) + flows("s>a"),
    "loop-end": start() + user("a", inside="<standardLoopCharacteristics/>") + flows("s>a"),
    "loop-maximum": start() + user("a", inside='<standardLoopCharacteristics loopMaximum="-1"/>') + flows("s>a"),
    "quantity": start() + user("a", startQuantity="0") + flows("s>a"),
    "unsupported-element": start() + '<callChoreography id="w"/>' + flows("s>w"),
    "unknown-attribute": start() + user("a") + boundary("b", "a", timer("PT1H"), isInterupting="false") + flows("s>a"),
    "attribute-value": start() + user("a", isForCompensation="perhaps") + flows("s>a"),
    "event-gateway-parallel": start() + gateway("eventBased", "g", eventGatewayType="Parallel") + flows("s>g"),
    "event-gateway-start": start() + gateway("eventBased", "g", instantiate="true") + flows("s>g"),
    "event-gateway-condition": start()
    + gateway("eventBased", "g")
    + catch("t", timer("PT1H"))
    + catch("n", message("N"))
    + flows("s>g", "g>t ? true", "g>n"),
    "receive-start": start() + '<receiveTask id="r" messageRef="N" instantiate="true"/>' + flows("s>r"),
    "compensation-twice": start()
    + user("a")
    + boundary("b", "a", COMPENSATE)
    + boundary("c", "a", COMPENSATE)
    + user("u", isForCompensation="true")
    + '<association id="x1" sourceRef="b" targetRef="u"/><association id="x2" sourceRef="c" targetRef="u"/>'
    + flows("s>a"),
    "flow-listing": start() + user("a", inside="<incoming>a_b</incoming>") + user("b") + flows("s>a", "a>b"),
    "loop-cardinality": start() + user("a", inside=multi(cardinality="many")) + flows("s>a"),
    "unknown-extension": start() + user("a", "<zeebe:novelty/>") + flows("s>a"),
    "misplaced-extension": start() + user("a", '<zeebe:calledElement processId="q"/>') + flows("s>a"),
    "unsupported-extension": start()
    + user("a", '<zeebe:taskListeners><zeebe:taskListener type="t" eventType="assigning"/></zeebe:taskListeners>')
    + flows("s>a"),
    "same-code-twice": start()
    + user("a")
    + boundary("b", "a", error("E1"))
    + boundary("c", "a", error("E1"))
    + flows("s>a"),
}


@pytest.mark.parametrize("rule", CASES)
def test_an_ill_formed_model_is_refused_by_the_rule_that_it_breaks(rule: str) -> None:
    assert rule in rules(process(CASES[rule], SHARED))


def test_all_problems_are_told_at_once_with_element_and_line() -> None:
    source = process(start() + user("a") + "\n" + user("a2") + end() + flows("s>a", "a>nowhere", "e>a"))
    with pytest.raises(DeploymentRefused) as refused:
        read(source, "test.bpmn")
    found = {(problem.rule, problem.element_id, problem.line) for problem in refused.value.problems}
    assert {("dangling-reference", "a_nowhere", 2), ("end-outgoing", "e", 2), ("unreachable", "a2", 2)} <= found


def test_a_document_type_bombs_and_broken_bytes_are_refused() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><definitions/>'
    assert rules(bomb) == ["no-dtd"]
    assert rules(bomb.decode().encode("utf-16")) == ["no-dtd"]
    assert rules(b"<definitions>") == ["well-formed"]
    assert rules(b"<definitions/>") == ["root-element"]
    assert rules(b"x" * 9_000_000) == ["file-size"]
    assert rules(definitions("")) == ["executable-process"]


def test_a_file_is_read_in_its_declared_encoding() -> None:
    text = process(start() + user("a", name="受理") + flows("s>a")).decode().replace("UTF-8", "GB18030")
    assert read(text.encode("gb18030"), "x").nodes["a"].name == "受理"


@pytest.mark.parametrize(
    "body",
    [
        start() + user("a") + flows("s>a"),
        user("a") + user("b") + flows("a>b"),
        start() + end("e", escalation("X1")) + flows("s>e"),
        start() + user("a") + boundary("b", "a", conditional("x > 1"), False) + end() + flows("s>a", "b>e"),
        '<startEvent id="s1"/><startEvent id="s2"/>' + user("a") + flows("s1>a", "s2>a"),
        start() + user("a", inside="<documentation>text</documentation>") + '<group id="g"/>' + flows("s>a"),
        start() + user("a", '<other:thing xmlns:other="urn:other" run="yes"/>') + flows("s>a"),
        start() + user("a", "<zeebe:executionListeners/>") + flows("s>a"),
        start()
        + gateway("exclusive", "m")
        + user("a")
        + gateway("exclusive", "x", default="x_m")
        + end()
        + flows("s>m", "m>a", "a>x", "x>m", "x>e ? done"),
        start() + sub("p1", "") + flows("s>p1"),
    ],
)
def test_a_correct_model_is_not_refused(body: str) -> None:
    assert read(process(body, '<escalation id="X1" escalationCode="late"/>'), "x").nodes


def test_participants_deploy_together_and_drawings_are_ignored() -> None:
    collaboration = (
        '<collaboration id="c"><participant id="p1" processRef="p"/><participant id="p2" name="outside"/>'
        '<messageFlow id="mf" sourceRef="p2" targetRef="a"/></collaboration>'
    )
    second = f'<process id="q" isExecutable="true">{start("qs")}{user("b")}{flows("qs>b")}</process>'
    drawn = '<process id="r" isExecutable="false"><callChoreography id="never"/></process>'
    first = f'<process id="p" isExecutable="true">{start()}{user("a")}{flows("s>a")}</process>'
    assert list(read(definitions(collaboration + first + second), "x").processes) == ["p", "q"]
    assert list(read(definitions(first + drawn), "x").processes) == ["p"]


PROCESS = f'<process id="p" isExecutable="true">{start()}{user("a")}{end()}{flows("s>a", "a>e")}</process>'
POOLS = '<participant id="p1" processRef="p"/><participant id="p2" name="outside"/>'


@pytest.mark.parametrize(
    ("drawn", "rule"),
    [
        ('<messageFlow id="m" sourceRef="p1" targetRef="a"/>', "message-flow"),
        ('<messageFlow id="m" sourceRef="p2" targetRef="e"/>', "message-flow-end"),
        ('<messageFlow id="m" sourceRef="s" targetRef="p2"/>', "message-flow-end"),
        ('<messageFlow id="m" sourceRef="p2" targetRef="nobody"/>', "dangling-reference"),
        ('<messageFlow id="m" sourceRef="p2" targetRef="a" messageRef="a"/>', "wrong-reference"),
    ],
)
def test_a_message_flow_joins_what_can_send_and_receive_in_two_pools(drawn: str, rule: str) -> None:
    assert rules(definitions(f'<collaboration id="c">{POOLS}{drawn}</collaboration>{PROCESS}')) == [rule]


def test_an_empty_pool_beside_a_process_is_a_drawing() -> None:
    empty = '<process id="q" isExecutable="true"/>'
    pools = '<participant id="p1" processRef="p"/><participant id="p2" processRef="q"/>'
    source = definitions(f'<collaboration id="c">{pools}</collaboration>{PROCESS}{empty}')
    assert list(read(source, "x").processes) == ["p"]


def test_an_attribute_of_a_later_camunda_is_refused_and_not_ignored() -> None:
    definition = '<zeebe:taskDefinition type="t" novelty="1"/>'
    task = f'<serviceTask id="w"><extensionElements>{definition}</extensionElements></serviceTask>'
    assert rules(process(start() + task + flows("s>w"))) == ["unknown-extension"]


def test_a_message_event_that_a_job_sends_needs_no_message() -> None:
    job = '<zeebe:taskDefinition type="send"/>'
    play = Player(process(start() + end("e", "<messageEventDefinition/>", job) + flows("s>e")))
    assert [job.type for job in play.jobs.values()] == ["send"]
