"""Small models that break one rule of the standard each: refused at the element that breaks it, with what to do."""

import pytest

from bpmn.errors import DeploymentRefused
from bpmn.reader.read import load, read
from tests.bpmn.bpmn_models import (
    CANCEL,
    COMPENSATE,
    boundary,
    catch,
    definitions,
    end,
    error,
    escalation,
    event_sub,
    flows,
    gateway,
    message,
    process,
    properties,
    start,
    sub,
    throw,
    timer,
    user,
)

SHARED = (
    '<message id="M" name="m"/><message id="N" name="n"/><signal id="S" name="s"/><error id="E" errorCode="bad"/>'
    '<escalation id="X" escalationCode="up"/>'
)
PLAIN = start() + user("a") + end() + flows("s>a", "a>e")
HANDLED = boundary("undo", "a", COMPENSATE) + '<association id="as" sourceRef="undo" targetRef="ua"/>'
PART = start("i") + user("x") + end("o") + flows("i>x", "x>o")


def handler(name: str, definition: str, **attributes: str) -> str:
    begin = start(f"{name}_s", definition, **attributes)
    return event_sub(name, begin + end(f"{name}_e") + flows(f"{name}_s>{name}_e"))


# what is wrong -> rule, element that it names, what the process holds
BROKEN: dict[str, tuple[str, str, str]] = {
    "a start that leads nowhere": ("start-outgoing", "t", PLAIN + start("t")),
    "a handler's start that leads nowhere": ("start-outgoing", "hs", PLAIN + event_sub("h", start("hs", message("M")))),
    "a condition out of a start": (
        "start-condition",
        "s_a",
        start() + user("a") + user("b") + end() + flows("s>a ? x", "s>b", "a>e", "b>e"),
    ),
    "an end that nothing reaches": ("end-incoming", "e", user("a") + end()),
    "a lone condition": ("lone-condition", "a_b", start() + user("a") + user("b") + flows("s>a", "a>b ? x")),
    "a boundary that leads nowhere": ("boundary-outgoing", "b", PLAIN + boundary("b", "a", timer("PT1H"))),
    "a gateway that is not mixed": (
        "gateway-direction",
        "g",
        start() + gateway("exclusive", "g", gatewayDirection="Mixed") + end() + flows("s>g", "g>e"),
    ),
    "an undoing that does not interrupt": (
        "must-interrupt",
        "h_s",
        start() + sub("p1", PART + handler("h", COMPENSATE, isInterrupting="false")) + end() + flows("s>p1", "p1>e"),
    ),
    "two undoings of one scope": (
        "compensation-twice",
        "k",
        start() + sub("p1", PART + handler("h", COMPENSATE) + handler("k", COMPENSATE)) + end() + flows("s>p1", "p1>e"),
    ),
    "the same error in two handlers": (
        "same-code-twice",
        "k_s",
        PLAIN + handler("h", error("E")) + handler("k", error("E")),
    ),
    "the same escalation in two handlers": (
        "same-code-twice",
        "k_s",
        PLAIN + handler("h", escalation("X")) + handler("k", escalation("X"), isInterrupting="false"),
    ),
    "two cancel events of one transaction": (
        "same-code-twice",
        "c2",
        start()
        + sub("tx", start("i") + end("o", CANCEL) + flows("i>o"), tag="transaction")
        + boundary("c1", "tx", CANCEL)
        + boundary("c2", "tx", CANCEL)
        + end()
        + flows("s>tx", "tx>e", "c1>e", "c2>e"),
    ),
    "an undoing of what lies elsewhere": (
        "compensation-reference",
        "t",
        start()
        + sub("p1", PART)
        + sub("p2", start("j") + throw("t", '<compensateEventDefinition activityRef="x"/>') + flows("j>t"))
        + flows("s>p1", "p1>p2"),
    ),
    "an undoing of what cannot be undone": (
        "compensation-reference",
        "t",
        start() + user("a") + throw("t", '<compensateEventDefinition activityRef="a"/>') + flows("s>a", "a>t"),
    ),
    "a handler of nothing": ("handler-unused", "ua", PLAIN + user("ua", isForCompensation="true")),
    "a handler in another scope": (
        "compensation-handler",
        "ua",
        start()
        + user("a")
        + HANDLED
        + sub("p1", PART + user("ua", isForCompensation="true"))
        + flows("s>a", "a>p1"),
    ),
    "a loop of an event subprocess": (
        "event-subprocess-loop",
        "h",
        PLAIN
        + event_sub(
            "h",
            start("hs", message("M"))
            + end("he")
            + flows("hs>he")
            + '<standardLoopCharacteristics loopMaximum="2"/>',
        ),
    ),
    "an ad-hoc subprocess without an activity": (
        "ad-hoc-empty",
        "ah",
        start() + sub("ah", gateway("exclusive", "g"), tag="adHocSubProcess") + flows("s>ah"),
    ),
    "an output of an ad-hoc subprocess for nobody": (
        "ad-hoc-output",
        "ah",
        start() + sub("ah", user("x"), '<zeebe:adHoc outputElement="=r"/>', "adHocSubProcess") + flows("s>ah"),
    ),
    "a receive task that would start a part": (
        "instantiate-scope",
        "r",
        start()
        + sub("p1", '<receiveTask id="r" messageRef="M" instantiate="true"/>' + user("x") + flows("r>x"))
        + flows("s>p1"),
    ),
    "a race that would start a part": (
        "instantiate-scope",
        "g",
        start()
        + sub(
            "p1",
            '<eventBasedGateway id="g" instantiate="true"/>'
            + catch("c1", message("M"))
            + catch("c2", message("N"))
            + flows("g>c1", "g>c2"),
        )
        + flows("s>p1"),
    ),
    "a task in two lanes": (
        "lane-twice",
        "l2",
        '<laneSet id="ls"><lane id="l1" name="A"><flowNodeRef>a</flowNodeRef></lane>'
        '<lane id="l2"><flowNodeRef>a</flowNodeRef></lane></laneSet>' + PLAIN,
    ),
    "an operation of nobody": (
        "dangling-reference",
        "w",
        start() + '<serviceTask id="w" operationRef="none"/>' + flows("s>w"),
    ),
    "a key for a called process": (
        "unsupported-extension",
        "c",
        start()
        + '<callActivity id="c"><extensionElements><zeebe:calledElement processId="q" businessId="=x"/>'
        "</extensionElements></callActivity>" + flows("s>c"),
    ),
}


@pytest.mark.parametrize("how", BROKEN)
def test_it_is_refused_with_rule_element_line_and_remedy(how: str) -> None:
    rule, element, body = BROKEN[how]
    with pytest.raises(DeploymentRefused) as refused:
        read(process(body, SHARED), "x")
    assert (rule, element) in {(one.rule, one.element_id) for one in refused.value.problems}
    assert all(one.line > 0 and one.message and one.remedy.endswith(".") for one in refused.value.problems)


@pytest.mark.parametrize(
    ("body", "sentence", "remedy"),
    [
        (start() + catch("c", error("E")) + end() + flows("s>c", "c>e"), "An error event", "signal, conditional"),
        (start() + sub("p1", start("i", message("M")) + end("o") + flows("i>o")) + flows("s>p1"), "embedded", "parent"),
        (start() + sub("ah", user("x") + end("o") + flows("x>o"), tag="adHocSubProcess"), "An endEvent", "Remove"),
        (PLAIN + sub("ah", user("x"), tag="adHocSubProcess", triggeredByEvent="true"), "plain subprocess", "inside it"),
        (
            start() + catch("c", "<conditionalEventDefinition/>") + end() + flows("s>c", "c>e"),
            "The condition is missing.",
            "FEEL",
        ),
    ],
)
def test_the_sentence_says_what_would_fit(body: str, sentence: str, remedy: str) -> None:
    with pytest.raises(DeploymentRefused) as refused:
        read(process(body, SHARED), "x")
    assert any(sentence in one.message and remedy in one.remedy for one in refused.value.problems)


def test_a_process_whose_execution_is_unclear_is_refused_by_that_word() -> None:
    with pytest.raises(DeploymentRefused, match=r"attribute-value\] p .*isExecutable of process is 'yes'"):
        read(process(PLAIN).replace(b'isExecutable="true"', b'isExecutable="yes"'), "x")


def test_a_called_process_that_starts_by_events_only_is_refused() -> None:
    caller = f'{start()}<callActivity id="c" calledElement="q"/>{end()}{flows("s>c", "c>e")}'
    callee = f'{start("qs", message("M"))}{end("qe")}{flows("qs>qe")}'
    both = f'<process id="p" isExecutable="true">{caller}</process><process id="q">{callee}</process>'
    with pytest.raises(DeploymentRefused, match=r"called-start\] c "):
        read(definitions(both, SHARED), "x")


def test_an_undoing_in_another_process_is_refused() -> None:
    first = start() + throw("t", '<compensateEventDefinition activityRef="x"/>') + end() + flows("s>t", "t>e")
    both = f'<process id="p" isExecutable="true">{first}</process><process id="q" isExecutable="true">{PART}</process>'
    with pytest.raises(DeploymentRefused, match=r"compensation-reference\] t "):
        read(definitions(both, SHARED), "x")


@pytest.mark.parametrize(
    "body",
    [
        start() + catch("c", timer("PT1H")) + user("a") + end() + flows("s>c", "c>a ? x", "c>e", "a>e"),
        start() + gateway("exclusive", "g") + end() + flows("s>g", "g>e"),
        start() + gateway("exclusive", "g", gatewayDirection="Diverging") + end() + flows("s>g", "g>e"),
        start() + user("a") + user("b") + end() + flows("s>a", "a>b ? x", "a>e", "b>e"),
        start() + sub("p1", PART) + throw("t", '<compensateEventDefinition activityRef="x"/>') + flows("s>p1", "p1>t"),
        start()
        + sub("p1", PART + handler("h", COMPENSATE))
        + throw("t", '<compensateEventDefinition activityRef="p1"/>')
        + flows("s>p1", "p1>t"),
        '<laneSet id="ls"><lane id="l1"><flowNodeRef>a</flowNodeRef><childLaneSet id="cs"><lane id="l2">'
        '<flowNodeRef>a</flowNodeRef></lane></childLaneSet></lane></laneSet><laneSet id="lt"><lane id="l3">'
        "<flowNodeRef>a</flowNodeRef></lane></laneSet>" + PLAIN,
        '<extensionElements><zeebe:jobPriorityDefinition priority="5"/>' + properties({"x": "y"})
        + "</extensionElements>" + PLAIN,
        '<sequenceFlow id="f" sourceRef="s" targetRef="a"><auditing id="au"/><categoryValueRef>cv</categoryValueRef>'
        "</sequenceFlow>" + start() + user("a"),
        start() + user("a", inside="<ioSpecification><inputSet/><outputSet/></ioSpecification>") + flows("s>a"),
    ],
)
def test_what_only_looks_like_it_is_not_refused(body: str) -> None:
    if 'activityRef="x"' in body:
        body = body.replace("</subProcess>", boundary("ux", "x", COMPENSATE) + user("u", isForCompensation="true")
                            + '<association id="ax" sourceRef="ux" targetRef="u"/></subProcess>', 1)
    assert read(process(body, SHARED), "x").nodes


def test_what_was_deployed_before_a_rule_came_still_loads() -> None:
    source = process(BROKEN["a boundary that leads nowhere"][2], SHARED)
    assert load(source, "x").nodes["b"].attached_to == "a"
