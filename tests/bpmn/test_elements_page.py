"""docs/elements.md is held to the code: every element, extension, property and event position has its entry."""

import re
from pathlib import Path

import pytest

from bpmn import dialect
from bpmn.elements.kinds import FLOW_NODES
from bpmn.errors import DeploymentRefused
from bpmn.eventkinds.table import KINDS
from bpmn.reader.attribute_values import ATTRIBUTE_VALUES
from bpmn.reader.attributes import ATTRIBUTES
from bpmn.reader.children import CHILDREN
from bpmn.reader.read import read
from bpmn.reader.zeebe_elements import REFUSED_ATTRIBUTES, ZEEBE_ATTRIBUTES, ZEEBE_ELEMENTS, ZEEBE_REFUSED
from tests.bpmn.bpmn_models import catch, definitions, flows, process, start, user
from tests.bpmn.player import Player

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "elements.md").read_text(encoding="utf-8")
WORDS = set(re.findall(r"`([^`]+)`", PAGE))


def test_every_bpmn_element_is_listed() -> None:
    tags = {child for children in CHILDREN.values() if children for child in children} | set(CHILDREN) | FLOW_NODES
    assert sorted(tags - WORDS) == []


def test_every_attribute_is_listed() -> None:
    assert sorted({name for names in ATTRIBUTES.values() for name in names} - WORDS) == []
    assert sorted(set(ATTRIBUTE_VALUES) - WORDS) == []
    assert sorted({name for names in ZEEBE_ATTRIBUTES.values() for name in names} - WORDS) == []
    assert sorted({name for _, name in REFUSED_ATTRIBUTES} - WORDS) == []


def test_every_extension_and_property_is_listed() -> None:
    assert {f"zeebe:{name}" for name in (*ZEEBE_ELEMENTS, *ZEEBE_REFUSED)} <= WORDS
    names = {value for value in vars(dialect).values() if isinstance(value, str) and value.startswith("jiannuo:")}
    assert names <= WORDS


@pytest.mark.parametrize("kind", KINDS)
def test_every_event_kind_is_listed_with_its_positions(kind: str) -> None:
    (row,) = (line for line in PAGE.splitlines() if line.startswith(f"| `{kind}EventDefinition`"))
    assert row.split("|")[2].strip() == ", ".join(KINDS[kind].positions)


def test_every_named_test_exists() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests" / "bpmn").glob("test_*.py"))
    assert [name for name in sorted(WORDS) if name.startswith("test_") and f"def {name}(" not in text] == []


@pytest.mark.parametrize(
    "body",
    [
        start() + '<choreographyTask id="x"/>' + flows("s>x"),
        start() + '<subChoreography id="x"/>' + flows("s>x"),
        start() + '<userTask id="x" xmlns:c="http://camunda.org/schema/1.0/bpmn" c:assignee="me"/>' + flows("s>x"),
    ],
)
def test_what_is_not_executed_is_refused(body: str) -> None:
    with pytest.raises(DeploymentRefused):
        read(process(body, '<message id="N" name="note"/>'), "x")
    with pytest.raises(DeploymentRefused):
        read(definitions('<choreography id="g"/>'), "x")


def test_a_shared_event_definition_counts_like_an_inline_one() -> None:
    shared = '<timerEventDefinition id="T"><timeDuration>PT1H</timeDuration></timerEventDefinition>'
    body = start() + catch("c", "<eventDefinitionRef>T</eventDefinitionRef>") + user("a") + flows("s>c", "c>a")
    assert Player(process(body, shared)).wait(hours=1).open == ["a"]


def test_a_send_task_publishes_its_message() -> None:
    play = Player(
        process(start() + '<sendTask id="x" messageRef="N"/>' + flows("s>x"), '<message id="N" name="note"/>')
    )
    assert [type(one).__name__ for one in play.commands] == ["PublishMessage", "CompleteInstance"]
