"""One correct model with most elements, and ways to change it."""

from __future__ import annotations

from collections.abc import Callable

from lxml import etree

from bpmn.dialect import BPMN
from tests.bpmn.bpmn_models import (
    CANCEL,
    COMPENSATE,
    TERMINATE,
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
