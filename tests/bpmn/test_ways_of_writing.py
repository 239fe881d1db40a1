"""One correct model, written in every way that the standard leaves free: none is refused, and it runs the same."""

from __future__ import annotations

import copy
from collections.abc import Callable

import pytest
from lxml import etree

from bpmn.dialect import BPMN
from bpmn.reader.read import read
from tests.bpmn.bpmn_models import end, flows, start
from tests.bpmn.mutations import MODEL, Element, by_id, change, put, q, tree
from tests.bpmn.player import Player


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
