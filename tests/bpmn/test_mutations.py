"""One correct model, broken in every way that a mutation knows: each is refused with rule, element, line and remedy.

And the same model written in every way that the standard leaves free: none is refused, and it runs the same.
"""

from __future__ import annotations

import copy
from collections.abc import Callable

import pytest
from lxml import etree

from bpmn.dialect import BPMN
from bpmn.errors import DeploymentRefused, Problem
from bpmn.reader.read import read
from tests.bpmn.bpmn_models import (
    CANCEL,
    COMPENSATE,
    TERMINATE,
    Player,
    boundary,
    catch,
    definitions,
    end,
    error,
    event_sub,
    flows,
    gateway,
    message,
    multi,
    script,
    service,
    signal,
    start,
    sub,
    throw,
    timer,
    user,
)

Element = etree._Element
SHARED = '<message id="M" name="m"/><signal id="S" name="sig"/><error id="E" errorCode="bad"/>'
LINK = '<linkEventDefinition name="L"/>'
BODY = (
    '<dataObject id="d" name="order"/><dataObjectReference id="dr" dataObjectRef="d"/>'
    + start()
    + user("review", name="Review")
    + boundary("late", "review", timer("P1D"), False)
    + gateway("exclusive", "choice", default="choice_work", gatewayDirection="Diverging")
    + service("work")
    + boundary("failed", "work", error("E"))
    + boundary("undoing", "work", COMPENSATE)
    + user("undo", isForCompensation="true")
    + '<association id="undoes" sourceRef="undoing" targetRef="undo"/>'
    + gateway("parallel", "fork")
    + script("count", "1", "n", inside=multi("[1, 2]", "i", "n", "all"))
    + sub("tx", start("tx_s") + user("pay") + end("tx_e", CANCEL) + flows("tx_s>pay", "pay>tx_e"), "", "transaction")
    + boundary("cancelled", "tx", CANCEL)
    + gateway("parallel", "join", gatewayDirection="Converging")
    + gateway("eventBased", "race")
    + catch("told", message("M"))
    + catch("waited", timer("PT1H"))
    + throw("jump", LINK)
    + catch("land", LINK)
    + throw("tell", signal("S"))
    + sub(
        "part",
        start("part_s") + user("inside") + end("part_end", TERMINATE) + flows("part_s>inside", "inside>part_end"),
    )
    + end()
    + event_sub("handler", start("handler_s", message("M")) + user("handle") + flows("handler_s>handle"))
    + flows(
        "s>review",
        "late>tell",
        "tell>e",
        "review>choice",
        "choice>fork ? n > 1",
        "choice>work",
        "work>race",
        "failed>e",
        "fork>count",
        "fork>tx",
        "tx>join",
        "cancelled>e",
        "count>join",
        "join>part",
        "part>e",
        "race>told",
        "race>waited",
        "told>jump",
        "waited>e",
        "land>e",
    ).replace("><", ">\n<")
)
MODEL = definitions(f'\n<process id="p" isExecutable="true">\n{BODY}\n</process>', SHARED)


def tree() -> Element:
    return etree.fromstring(MODEL)


def by_id(root: Element, name: str) -> Element:
    (found,) = root.xpath(f"//*[@id='{name}']")
    return found  # type: ignore[no-any-return]


def q(local: str) -> str:
    return f"{{{BPMN}}}{local}"


def put(root: Element, owner: str, xml: str) -> None:
    wrapped = etree.fromstring(f'<x xmlns="{BPMN}" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0">{xml}</x>')
    for element in wrapped:
        by_id(root, owner).append(element)


def flow(root: Element, source: str, target: str, owner: str = "p") -> None:
    put(root, owner, f'<sequenceFlow id="new" sourceRef="{source}" targetRef="{target}"/>')


def drop(root: Element, name: str) -> None:
    element = by_id(root, name)
    parent = element.getparent()
    assert parent is not None
    parent.remove(element)


def change(name: str, attribute: str, value: str | None) -> Callable[[Element], None]:
    def apply(root: Element) -> None:
        element = by_id(root, name)
        if value is None:
            del element.attrib[attribute]
        else:
            element.set(attribute, value)

    return apply


def definition(name: str, xml: str) -> Callable[[Element], None]:
    """The event's definition becomes another one."""

    def apply(root: Element) -> None:
        for old in [one for one in by_id(root, name) if str(one.tag).endswith("EventDefinition")]:
            by_id(root, name).remove(old)
        put(root, name, xml)

    return apply


def without(name: str, local: str) -> Callable[[Element], None]:
    def apply(root: Element) -> None:
        for element in list(by_id(root, name).iter(q(local))):
            element.getparent().remove(element)  # type: ignore[union-attr]

    return apply


def moved(name: str, owner: str) -> Callable[[Element], None]:
    def apply(root: Element) -> None:
        by_id(root, owner).append(by_id(root, name))

    return apply


# (rule, element that it names) -> what breaks it
BROKEN: dict[str, tuple[str, str, Callable[[Element], None]]] = {
    "flow into a start": ("start-incoming", "s", lambda root: flow(root, "review", "s")),
    "flow into an inner start": ("start-incoming", "part_s", lambda root: flow(root, "inside", "part_s", "part")),
    "flow out of an end": ("end-outgoing", "e", lambda root: flow(root, "e", "review")),
    "flow into a boundary": ("boundary-incoming", "late", lambda root: flow(root, "review", "late")),
    "flow out of a compensation": ("compensation-flow", "undoing", lambda root: flow(root, "undoing", "e")),
    "flow into a handler": ("handler-flow", "undo", lambda root: flow(root, "review", "undo")),
    "flow out of a handler": ("handler-flow", "undo", lambda root: flow(root, "undo", "e")),
    "flow into a scope": ("flow-scope", "new", lambda root: flow(root, "review", "inside")),
    "flow out of a scope": ("flow-scope", "new", lambda root: flow(root, "inside", "e")),
    "flow in the wrong scope": ("flow-scope", "part_s_inside", moved("part_s_inside", "p")),
    "flow to an event subprocess": ("event-subprocess-flow", "handler", lambda root: flow(root, "review", "handler")),
    "flow to data": ("flow-ends", "new", lambda root: flow(root, "review", "dr")),
    "flow to nothing": ("dangling-reference", "s_review", change("s_review", "targetRef", "nobody")),
    "flow from nothing": ("dangling-reference", "s_review", change("s_review", "sourceRef", "nobody")),
    "flow without source": ("flow-ends", "s_review", change("s_review", "sourceRef", None)),
    "flow without target": ("flow-ends", "s_review", change("s_review", "targetRef", None)),
    "flow out of a throwing link": ("link-flow", "jump", lambda root: flow(root, "jump", "e")),
    "flow into a catching link": ("link-flow", "land", lambda root: flow(root, "review", "land")),
    "flow to a raced event": ("event-gateway-target", "told", lambda root: flow(root, "review", "told")),
    "condition after a race": (
        "event-gateway-condition",
        "race_told",
        lambda root: put(root, "race_told", "<conditionExpression>=true</conditionExpression>"),
    ),
    "race with a task": ("event-gateway-target", "e", lambda root: flow(root, "race", "e")),
    "race with one event": ("event-gateway", "race", lambda root: drop(root, "race_told")),
    "lost element": ("unreachable", "review", lambda root: drop(root, "s_review")),
    "lost end": ("unreachable", "tell", lambda root: drop(root, "late_tell")),
    "no condition": ("gateway-condition", "choice_fork", without("choice_fork", "conditionExpression")),
    "no default": ("gateway-condition", "choice_work", change("choice", "default", None)),
    "default of another": ("default-flow", "choice", change("choice", "default", "s_review")),
    "default to a node": ("wrong-reference", "choice", change("choice", "default", "work")),
    "default to nothing": ("dangling-reference", "choice", change("choice", "default", "nothing")),
    "condition that is no expression": (
        "expression-required",
        "choice_fork",
        lambda root: setattr(by_id(root, "choice_fork")[0], "text", "n > 1"),
    ),
    "condition that cannot be read": (
        "feel-syntax",
        "choice_fork",
        lambda root: setattr(by_id(root, "choice_fork")[0], "text", "=n >"),
    ),
    "converging gateway that forks": ("gateway-direction", "fork", change("fork", "gatewayDirection", "Converging")),
    "diverging gateway that joins": ("gateway-direction", "join", change("join", "gatewayDirection", "Diverging")),
    "direction that is none": ("attribute-value", "join", change("join", "gatewayDirection", "Sideways")),
    "boundary on nothing": ("boundary-host", "late", change("late", "attachedToRef", None)),
    "boundary on what is not there": ("dangling-reference", "late", change("late", "attachedToRef", "nobody")),
    "boundary on a gateway": ("boundary-host", "late", change("late", "attachedToRef", "choice")),
    "boundary on an event": ("boundary-host", "late", change("late", "attachedToRef", "tell")),
    "boundary across scopes": ("boundary-host", "late", change("late", "attachedToRef", "inside")),
    "boundary on an event subprocess": (
        "event-subprocess-boundary",
        "handler",
        change("late", "attachedToRef", "handler"),
    ),
    "boundary that catches nothing": ("event-definition", "late", definition("late", "")),
    "error that does not interrupt": ("must-interrupt", "failed", change("failed", "cancelActivity", "false")),
    "boolean that is none": ("attribute-value", "late", change("late", "cancelActivity", "maybe")),
    "same code twice": ("same-code-twice", "twice", lambda root: put(root, "p", boundary("twice", "work", error("E")))),
    "timer on an end": ("event-position", "e", definition("e", timer("PT1H"))),
    "error on a throw": ("event-position", "tell", definition("tell", error("E"))),
    "terminate in the middle": ("event-position", "tell", definition("tell", TERMINATE)),
    "terminate at a start": ("event-position", "s", definition("s", TERMINATE)),
    "error at a process start": ("event-position", "s", definition("s", error("E"))),
    "timer at an inner start": ("event-position", "part_s", definition("part_s", timer("PT1H"))),
    "cancel outside": ("cancel-place", "e", definition("e", CANCEL)),
    "cancel on a task": ("cancel-place", "cancelled", change("cancelled", "attachedToRef", "part")),
    "catch of nothing": ("event-definition", "told", definition("told", "")),
    "handler without trigger": ("event-definition", "handler_s", definition("handler_s", "")),
    "handler with two starts": (
        "event-subprocess-start",
        "handler",
        lambda root: put(root, "handler", start("second", signal("S"))),
    ),
    "message that is not there": ("message-reference", "told", definition("told", message("X"))),
    "message of the wrong kind": ("message-reference", "told", definition("told", message("S"))),
    "message not named": ("message-reference", "told", definition("told", "<messageEventDefinition/>")),
    "signal that is not there": ("signal-reference", "tell", definition("tell", signal("X"))),
    "error that is not there": ("dangling-reference", "failed", definition("failed", error("X"))),
    "thrown error without code": ("thrown-code", "e", definition("e", error())),
    "timer of nothing": ("timer-definition", "waited", definition("waited", "<timerEventDefinition/>")),
    "timer that is none": ("timer-text", "waited", definition("waited", timer("tomorrow"))),
    "two timers": (
        "timer-definition",
        "waited",
        definition("waited", timer("PT1H").replace("</timerE", "<timeDate>2026-01-01T00:00:00Z</timeDate></timerE")),
    ),
    "definition by reference to nothing": (
        "dangling-reference",
        "waited",
        definition("waited", "<eventDefinitionRef>nothing</eventDefinitionRef>"),
    ),
    "link to nowhere": ("link-target", "jump", definition("jump", LINK.replace("L", "K", 1).replace('"L"', '"K"'))),
    "link from nowhere": ("link-source", "land", lambda root: drop(root, "jump")),
    "link twice": ("link-twice", "land", lambda root: put(root, "p", catch("again", LINK) + flows("again>e"))),
    "link without name": ("link-name", "jump", definition("jump", "<linkEventDefinition/>")),
    "link across scopes": ("link-target", "jump", moved("land", "part")),
    "compensation without handler": ("compensation-handler", "undoing", lambda root: drop(root, "undoes")),
    "handler that is none": ("compensation-handler", "undo", change("undo", "isForCompensation", None)),
    "double id": ("unique-id", "review", change("work", "id", "review")),
    "double id across kinds": ("unique-id", "M", change("E", "id", "M")),
    "inner start twice": ("subprocess-start", "part", lambda root: put(root, "part", start("second"))),
    "job of nobody": ("task-definition", "work", without("work", "extensionElements")),
    "loop of no size": ("loop-size", "count", without("count", "extensionElements")),
    "two loops": (
        "one-loop",
        "review",
        lambda root: put(root, "review", multi("[1]") + '<standardLoopCharacteristics loopMaximum="1"/>'),
    ),
    "loop without end": ("loop-end", "review", lambda root: put(root, "review", "<standardLoopCharacteristics/>")),
    "no tokens": ("quantity", "review", change("review", "startQuantity", "0")),
    "half a token": ("quantity", "review", change("review", "completionQuantity", "1.5")),
    "data object of nothing": ("dangling-reference", "dr", change("dr", "dataObjectRef", "nothing")),
    "data object of the wrong kind": ("wrong-reference", "dr", change("dr", "dataObjectRef", "M")),
    "endless circle": (
        "endless-loop",
        "spin1",
        lambda root: put(
            root,
            "p",
            script("spin1", "1", "x") + script("spin2", "1", "y") + flows("spin1>spin2", "spin2>spin1", "review>spin1"),
        ),
    ),
    "element of another kind of diagram": (
        "unsupported-element",
        "strange",
        lambda root: put(root, "p", '<choreographyTask id="strange"/>'),
    ),
    "element that is none": ("unsupported-element", "strange", lambda root: put(root, "p", '<userTsk id="strange"/>')),
    "lane of nothing": (
        "dangling-reference",
        "lane",
        lambda root: put(root, "p", '<laneSet id="ls"><lane id="lane"><flowNodeRef>no</flowNodeRef></lane></laneSet>'),
    ),
    "lane of a flow": (
        "wrong-reference",
        "lane",
        lambda root: put(
            root, "p", '<laneSet id="ls"><lane id="lane"><flowNodeRef>s_review</flowNodeRef></lane></laneSet>'
        ),
    ),
    "pool of nothing": (
        "dangling-reference",
        "pool",
        lambda root: put(
            root, "file", '<collaboration id="c"><participant id="pool" processRef="no"/></collaboration>'
        ),
    ),
    "nothing to start": ("executable-process", "file", change("p", "isExecutable", "false")),
}


def problems(source: bytes) -> tuple[Problem, ...]:
    with pytest.raises(DeploymentRefused) as refused:
        read(source, "x.bpmn")
    return refused.value.problems


@pytest.mark.parametrize("how", BROKEN)
def test_a_mutation_is_refused_at_its_element_by_its_rule(how: str) -> None:
    rule, element, mutate = BROKEN[how]
    root = tree()
    mutate(root)
    found = problems(etree.tostring(root))
    assert (rule, element) in {(one.rule, one.element_id) for one in found}
    for one in found:
        assert one.line > 0
        assert one.message.endswith(".")
        assert one.remedy.endswith(".")


def test_all_mutations_at_once_are_all_told() -> None:
    apart = ["flow into a start", "timer that is none", "no condition", "job of nobody", "signal that is not there"]
    root = tree()
    for how in apart:
        BROKEN[how][2](root)
    found = {(one.rule, one.element_id) for one in problems(etree.tostring(root))}
    assert {BROKEN[how][:2] for how in apart} <= found


def commented(root: Element) -> bytes:
    for element in list(root.iter("{*}*")):
        element.insert(0, etree.Comment("a note"))
        element.append(etree.ProcessingInstruction("tool", "setting"))
    return etree.tostring(root)


def prefixed(root: Element) -> bytes:
    text = etree.tostring(root).decode().replace(f'xmlns="{BPMN}"', f'xmlns:semantic="{BPMN}"')
    return _rename(text).encode()


def _rename(text: str) -> str:
    out = []
    for piece in text.split("<"):
        plain = piece[:1].isalpha() and not piece.startswith("zeebe:")
        closing = piece[:1] == "/" and not piece.startswith("/zeebe:")
        out.append(f"semantic:{piece}" if plain else f"/semantic:{piece[1:]}" if closing else piece)
    return "<".join(out)


def flows_first(root: Element) -> bytes:
    process = by_id(root, "p")
    for element in list(process.iterchildren(q("sequenceFlow"))):
        process.insert(0, element)
    return etree.tostring(root)


def nameless_flows(root: Element) -> bytes:
    for element in root.iter(q("sequenceFlow")):
        if element.get("id") != "choice_work":
            del element.attrib["id"]
    return etree.tostring(root)


def listed_flows(root: Element) -> bytes:
    for element in list(root.iter(q("sequenceFlow"))):
        for end_, child in (("sourceRef", "outgoing"), ("targetRef", "incoming")):
            listing = etree.Element(q(child))
            listing.text = element.get("id")
            by_id(root, element.get(end_, "")).insert(0, listing)
    return etree.tostring(root)


def character_data(root: Element) -> bytes:
    return etree.tostring(root).replace(
        b"<conditionExpression>=n &gt; 1</conditionExpression>",
        b'<conditionExpression xsi:type="tFormalExpression"><![CDATA[\n  =n > 1 ]]></conditionExpression>',
    )


def beside_others(root: Element) -> bytes:
    put(root, "file", '<process id="other" isExecutable="false"><choreographyTask id="odd"/></process>')
    put(
        root,
        "file",
        '<process id="nobody" isExecutable="true"/><process id="third" isExecutable="true">'
        + start("t_s")
        + end("t_e")
        + flows("t_s>t_e")
        + "</process>",
    )
    put(
        root,
        "file",
        '<collaboration id="c"><participant id="x1" processRef="p"/><participant id="x2"/>'
        '<participant id="x3" processRef="nobody"/><messageFlow id="mf" sourceRef="x2" targetRef="told"/>'
        "</collaboration>",
    )
    return etree.tostring(root)


def foreign(root: Element) -> bytes:
    root.set("exporter", "some tool")
    for element in root.iter(q("userTask"), q("sequenceFlow"), q("process")):
        element.set("{urn:tool}colour", "red")
    put(root, "review", "<documentation>Who reads this?</documentation>")
    put(
        root,
        "p",
        '<textAnnotation id="ta"><text>note</text></textAnnotation><group id="gr"/>'
        '<association id="as" sourceRef="review" targetRef="ta"/>',
    )
    return etree.tostring(root)


def nameless(root: Element) -> bytes:
    for name in ("M", "S", "review"):
        change(name, "name", None)(root)
    return etree.tostring(root)


WRITTEN: dict[str, Callable[[Element], bytes]] = {
    "as it is": etree.tostring,
    "indented": lambda root: (etree.indent(root), etree.tostring(root))[1],
    "with comments and instructions": commented,
    "with another prefix": prefixed,
    "flows before nodes": flows_first,
    "flows without ids": nameless_flows,
    "flows listed at their nodes": listed_flows,
    "conditions as character data": character_data,
    "beside drawings, pools and other processes": beside_others,
    "with a tool's own attributes, notes and groups": foreign,
    "without names": nameless,
    "isExecutable left out": lambda root: (change("p", "isExecutable", None)(root), etree.tostring(root))[1],
    "booleans as digits": lambda root: (change("late", "cancelActivity", "0")(root), etree.tostring(root))[1],
    "in UTF-16": lambda root: etree.tostring(root, encoding="UTF-16"),
    "in GB18030": lambda root: etree.tostring(root, encoding="GB18030", xml_declaration=True),
    "with a drawing": lambda root: (
        root.append(etree.fromstring('<d:BPMNDiagram xmlns:d="http://www.omg.org/spec/BPMN/20100524/DI" id="D"/>')),
        etree.tostring(root),
    )[1],
}


@pytest.mark.parametrize("how", WRITTEN)
def test_a_correct_model_is_accepted_however_it_is_written(how: str) -> None:
    def played(source: bytes) -> list[str]:
        play = Player(read(source, "x"), {"n": 2}, process_id="p").wait(days=2).do("review").do("pay")
        return sorted([*play.visited("entered"), *play.open])

    root = copy.deepcopy(tree())
    assert played(WRITTEN[how](root)) == played(MODEL)
