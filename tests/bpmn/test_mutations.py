"""One correct model, broken in every way that a mutation knows: refused with rule, element, line and remedy."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from lxml import etree

from bpmn.errors import DeploymentRefused, Problem
from bpmn.reader.read import read
from tests.bpmn.bpmn_models import (
    CANCEL,
    TERMINATE,
    boundary,
    catch,
    error,
    flows,
    message,
    multi,
    script,
    signal,
    start,
    timer,
)
from tests.bpmn.mutations import LINK, Element, by_id, change, definition, drop, flow, moved, put, tree, without

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
