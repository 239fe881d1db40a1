"""Files that import others, with and without a name."""

import pytest

from bpmn.dmn.api import DmnReadError, read, read_together
from tests.dmn.models import decision, input_data, knowledge, model, result, text, value


def test_imported_elements_stand_under_the_name_of_their_import() -> None:
    base = read(
        model(
            '<itemDefinition name="tLevel"><typeRef>string</typeRef></itemDefinition>',
            input_data("i", type_="number"),
            decision("a", text("i + 1"), "i"),
            knowledge("k", "n", text("n * 2")),
            namespace="urn:base",
        ),
        "base.dmn",
    )
    source = model(
        '<import name="base model" namespace="urn:base" importType="https://www.omg.org/spec/DMN/20230324/MODEL/"/>',
        decision("d", text("base model.a + base model.k(4)"), "urn:base#a", "urn:base#k"),
        decision("t", text('"low"'), type_="base model.tLevel"),
    )
    definitions = read(source, "top.dmn", [base])
    assert value(definitions, "d", {"i": 1}) == 10
    assert value(definitions, "d", {"base model": {"i": 2}}) == 11
    assert value(definitions, "t") == "low"


def test_an_import_without_a_name_merges_into_the_file() -> None:
    base = read(model(decision("a", text("41")), namespace="urn:base"), "base.dmn")
    source = model(
        '<import name="" namespace="urn:base" importType="DMN"/>', decision("d", text("a + 1"), "urn:base#a")
    )
    assert value(read(source, "top.dmn", [base]), "d") == 42


def test_merged_imports_are_searched_in_depth_by_plain_references() -> None:
    merge = '<import name="" namespace="urn:{}" importType="DMN"/>'
    c = read(model(decision("a", text('"c"')), namespace="urn:c"), "c.dmn")
    b = read(model(merge.format("c"), decision("b", text("1")), namespace="urn:b"), "b.dmn", [c])
    e = read(model(decision("a", text('"e"')), namespace="urn:e"), "e.dmn")
    source = model(merge.format("b"), merge.format("e"), decision("d", text("a"), "a"))
    definitions = read(source, "top.dmn", [b, e])
    assert value(definitions, "d") == "c"
    assert value(definitions, "a") == "c"


def test_what_a_file_defines_itself_prevails_over_what_it_merges() -> None:
    types = '<itemDefinition name="t"><typeRef>{}</typeRef></itemDefinition>'
    inner = decision("a", text("b"), "b")
    base = read(model(types.format("number"), inner, decision("b", text('"base"')), namespace="urn:base"), "base.dmn")
    merge = '<import name="" namespace="urn:base" importType="DMN"/>'
    other = decision("d", text("a"), "a", type_="t")
    source = model(merge, types.format("string"), other, decision("b", text('"own"')))
    assert value(read(source, "top.dmn", [base]), "d") == "own"
    assert value(base, "a") == "base"


def test_an_imported_parameter_of_a_service_bears_the_name_of_its_import() -> None:
    base = read(model(decision("a", text("b"), "b"), decision("b", text('"bar"')), namespace="urn:base"), "base.dmn")
    service = (
        '<decisionService id="s" name="s"><outputDecision href="urn:base#a"/><inputDecision href="urn:base#b"/>'
        "</decisionService>"
    )
    merge = '<import name="base model" namespace="urn:base" importType="DMN"/>'
    source = model(merge, service, decision("d", text('s(base model.b: "foo")'), "s"), decision("e", text("s(1)"), "s"))
    definitions = read(source, "top.dmn", [base])
    assert value(definitions, "d") == "foo"
    assert value(definitions, "e") == 1


def test_a_file_may_name_itself_as_an_import() -> None:
    source = '<import name="" namespace="urn:self" importType="DMN"/>'
    assert value(model(source, decision("d", text("1")), namespace="urn:self"), "d") == 1


MERGE = '<import name="{}" namespace="urn:{}" importType="DMN"/>'


def test_files_are_read_together_in_any_order() -> None:
    base = model(decision("a", text("1")), namespace="urn:base")
    middle = model(MERGE.format("b", "base"), decision("m", text("b.a + 1"), "urn:base#a"), namespace="urn:middle")
    top = model(MERGE.format("m", "middle"), decision("d", text("m.m + 1"), "urn:middle#m"))
    first, *others = read_together([(top, "top"), (middle, "middle"), (base, "base")])
    assert value(first, "d") == 3
    assert [other.namespace for other in others] == ["urn:middle", "urn:base"]


def test_files_may_import_each_other() -> None:
    """Types, names with spaces and decisions lead to and fro between the two."""
    days = '<itemDefinition name="days"><typeRef>{}</typeRef></itemDefinition>'
    one = model(
        MERGE.format("two", "two"), '<itemDefinition name="limit"><typeRef>two.days</typeRef></itemDefinition>',
        decision("d1", text("two.second step + 1"), "urn:two#d2", name="first step"),
        decision("d3", text("20"), name="third step"), decision("x", text('"a"'), type_="limit"), namespace="urn:one",
    )
    two = model(
        MERGE.format("one", "one"), days.format("number"),
        decision("d2", text("one.third step * 2"), "urn:one#d3", name="second step"),
        decision("y", text("5"), type_="one.limit"), namespace="urn:two",
    )
    for files in ([(one, "one"), (two, "two")], [(two, "two"), (one, "one")]):
        read_one, read_two = sorted(read_together(files), key=lambda file: file.namespace)
        assert value(read_one, "first step") == 41
        assert value(read_two, "second step") == 40
        assert value(read_one, "x") is None
        assert value(read_two, "y") == 5


def test_decisions_that_require_each_other_across_files_are_null() -> None:
    one = model(MERGE.format("two", "two"), decision("a", text("two.b"), "urn:two#b"), namespace="urn:one")
    two = model(MERGE.format("one", "one"), decision("b", text("one.a"), "urn:one#a"), namespace="urn:two")
    outcome = result(read_together([(one, "one"), (two, "two")])[0], "a")
    assert outcome.value is None
    assert outcome.warnings == ("'b' requires itself.",)


def test_a_circle_with_a_problem_is_refused() -> None:
    one = model(MERGE.format("two", "two"), decision("a", text("1 +")), namespace="urn:one")
    two = model(MERGE.format("one", "one"), MERGE.format("three", "three"), namespace="urn:two")
    with pytest.raises(DmnReadError) as caught:
        read_together([(one, "one.dmn"), (two, "two.dmn")])
    assert [problem.rule for problem in caught.value.problems] == ["feel-syntax"]
    with pytest.raises(DmnReadError, match=r"two\.dmn .*missing-import"):
        read_together([(model(namespace="urn:one"), "one.dmn"), (two, "two.dmn")])
