"""What a deployment reads, and what it refuses with a sentence."""

import pytest

from bpmn.dmn.api import DmnReadError, read
from tests.dmn.models import decision, input_data, model, table, text, value


@pytest.mark.parametrize(
    "dmn",
    [
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
    ],
)
def test_every_version_of_the_format_is_read(dmn: str) -> None:
    assert value(model(decision("d", text("1 + 1"), type_="feel:number"), dmn=dmn), "d") == 2


def rules_of(source: bytes) -> list[str]:
    with pytest.raises(DmnReadError) as caught:
        read(source, "bad.dmn")
    assert all(problem.message and problem.remedy for problem in caught.value.problems)
    return [problem.rule for problem in caught.value.problems]


def test_all_problems_are_reported_at_once_with_line_and_element() -> None:
    source = model(
        decision("a", text("1 +")),
        decision("b", text("x"), "nowhere"),
        decision("c", text("")),
        input_data("i", type_="tNone"),
        decision("e", table("MOST", ["1"], ["o"], [["-"]])),
    )
    assert rules_of(source) == [
        "feel-syntax",
        "dangling-reference",
        "no-expression",
        "unknown-type",
        "hit-policy",
        "table-rule",
    ]
    with pytest.raises(DmnReadError) as caught:
        read(source, "bad.dmn")
    first = caught.value.problems[0]
    assert (first.element, first.name, first.line) == ("a", "a", 3)
    assert "bad.dmn has 6 problem(s)" in str(caught.value)


def test_cyclic_decisions_are_refused() -> None:
    assert rules_of(model(decision("a", text("b"), "b"), decision("b", text("a"), "a"))) == ["cyclic-requirement"]


def test_cyclic_types_are_refused() -> None:
    cyclic = '<itemDefinition name="t"><itemComponent name="a"><typeRef>t</typeRef></itemComponent></itemDefinition>'
    assert rules_of(model(cyclic)) == ["cyclic-type"]


def test_duplicate_ids_and_missing_imports_are_refused() -> None:
    assert rules_of(model(decision("a", text("1")), decision("a", text("2")))) == ["duplicate-id"]
    assert rules_of(
        model('<import name="x" namespace="urn:none" importType="https://www.omg.org/spec/DMN/20230324/MODEL/"/>')
    ) == ["missing-import"]


@pytest.mark.parametrize(
    ("source", "rule"),
    [
        (b"<definitions", "not-well-formed"),
        (b"<html/>", "not-dmn"),
        (
            b'<!DOCTYPE d [<!ENTITY a "b">]><definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"/>',
            "document-type",
        ),
        (b"x" * 10_000_001, "file-too-large"),
        (b"", "not-well-formed"),
    ],
)
def test_hostile_files_are_refused_with_a_sentence(source: bytes, rule: str) -> None:
    assert rules_of(source) == [rule]


def test_a_file_is_read_in_its_declared_encoding() -> None:
    source = model(decision("d", text('"失信"'))).decode().replace("UTF-8", "GB18030").encode("gb18030")
    assert value(source, "d") == "失信"


def test_read_leniently_only_the_broken_part_is_null() -> None:
    definitions = read(model(decision("a", text("1 +")), decision("b", text("2"))), "x", lenient=True)
    assert value(definitions, "b") == 2
    assert value(definitions, "a") is None
    assert [problem.rule for problem in definitions.problems] == ["feel-syntax"]
