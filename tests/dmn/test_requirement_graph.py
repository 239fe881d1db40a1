"""Requirement graphs, item definitions, services, imports, and what is refused at deployment."""

from datetime import UTC

import pytest

from bpmn.dmn.api import DmnReadError, UnknownElement, evaluate_decision, read
from bpmn.feel.api import Budget, FeelBudgetExceeded
from tests.dmn.models import NOW, decision, input_data, knowledge, model, result, table, text, value


def types(body: str) -> str:
    return body


def test_decisions_are_computed_once_from_what_they_require() -> None:
    source = model(
        input_data("i amount", "claimed amount", "number"),
        decision("a", text("claimed amount * 2"), "i amount", name="twice that"),
        decision("b", text("twice that + claimed amount"), "a", "i amount"),
    )
    assert value(source, "b", {"claimed amount": 3}) == 9
    assert value(source, "twice that", {"claimed amount": 3}) == 6


def test_a_long_chain_of_decisions_needs_no_stack() -> None:
    chain = [decision(f"d{number}", text(f"d{number - 1} + 1"), f"d{number - 1}") for number in range(1, 1000)]
    assert value(model(decision("d0", text("1")), *chain), "d999") == 1000


def test_a_decision_sees_only_what_it_requires() -> None:
    assert value(model(decision("a", text("1")), decision("b", text("a"))), "b") is None


def test_a_missing_input_is_null_with_a_warning() -> None:
    outcome = result(model(input_data("i"), decision("a", text("i = null"), "i")), "a")
    assert outcome.value is True
    assert "was not given" in outcome.warnings[0]


def test_knowledge_models_may_call_each_other_and_themselves() -> None:
    source = model(
        knowledge("keven", "n", text("if n = 0 then true else kodd(n - 1)"), "kodd"),
        knowledge("kodd", "n", text("if n = 0 then false else keven(n - 1)"), "keven"),
        decision("d", text("[keven(4), keven(7)]"), "keven"),
    )
    assert value(source, "d") == [True, False]


def test_runaway_recursion_of_knowledge_models_is_stopped() -> None:
    source = read(model(knowledge("k", "n", text("k(n + 1)"), "k"), decision("d", text("k(1)"), "k")), "x")
    with pytest.raises(FeelBudgetExceeded):
        result(source, "d")


def test_one_budget_covers_all_decisions_of_an_evaluation() -> None:
    source = read(
        model(
            *[
                decision(f"d{n}", text("count(for i in 1..100 return i)"), *([f"d{n - 1}"] if n else []))
                for n in range(3)
            ],
            decision("all", text("d0 + d1 + d2"), "d0", "d1", "d2"),
        ),
        "x",
    )
    with pytest.raises(FeelBudgetExceeded):
        evaluate_decision(source, "all", {}, NOW, UTC, Budget(steps=250))


ITEM = """
<itemDefinition name="tLevel"><typeRef>string</typeRef><allowedValues><text>"high", "low"</text></allowedValues>
</itemDefinition>
<itemDefinition name="tLevels" isCollection="true"><typeRef>tLevel</typeRef></itemDefinition>
<itemDefinition name="tCase"><itemComponent name="due date"><typeRef>date</typeRef></itemComponent>
<itemComponent name="level"><typeRef>tLevel</typeRef></itemComponent></itemDefinition>
<itemDefinition name="tShort" isCollection="true"><typeRef>number</typeRef>
<typeConstraint><text>count(?) &lt; 3</text></typeConstraint></itemDefinition>
<itemDefinition name="tOwn"><typeRef>tLevel</typeRef><allowedValues><text>"none"</text></allowedValues></itemDefinition>
"""


@pytest.mark.parametrize(
    ("type_", "given", "expected"),
    [
        ("tLevel", "high", "high"),
        ("tLevel", "other", None),
        ("tLevels", ["high", "low"], ["high", "low"]),
        ("tLevels", ["high", "x"], None),
        ("tLevels", "low", ["low"]),
        ("tOwn", "none", "none"),
        ("tOwn", "high", None),
        ("number", "1", None),
        ("tShort", [1, 2], [1, 2]),
        ("tShort", [1, 2, 3], None),
        ("tCase", {"due date": "2026-09-30"}, {"due date": "2026-09-30", "level": None}),
        ("date and time", "2026-09-30T10:00:00Z", "2026-09-30T10:00:00Z"),
        ("days and time duration", "P1D", "P1D"),
    ],
)
def test_inputs_are_fitted_to_their_types(type_: str, given: object, expected: object) -> None:
    assert (
        value(model(ITEM, input_data("i", type_=type_), decision("d", text("i"), "i")), "d", {"i": given}) == expected
    )


def test_members_with_spaces_are_read_from_typed_inputs() -> None:
    source = model(
        ITEM,
        input_data("i", "the case", "tCase"),
        decision("d", text('the case.due date < @"2026-10-01" and the case instance of tCase'), "i"),
    )
    assert value(source, "d", {"the case": {"due date": "2026-09-30", "level": "low"}}) is True


SERVICE = (
    input_data("i", type_="number"),
    decision("base", text("i * 10"), "i"),
    decision("top", text("base + i"), "base", "i"),
    '<decisionService id="s" name="s"><outputDecision href="#top"/><inputDecision href="#base"/>'
    '<inputData href="#i"/></decisionService>',
)


def test_a_service_takes_its_input_decisions_from_the_caller() -> None:
    source = model(
        *SERVICE, decision("caller", text("s(1, 5)"), "s"), decision("named", text("s(base: 5, i: 1)"), "s")
    )
    assert value(source, "s", {"i": 1, "base": 100}) == 101
    assert value(source, "caller") == 6
    assert value(source, "named") == 6
    assert value(source, "top", {"i": 1}) == 11


def test_an_argument_of_another_type_makes_the_call_null() -> None:
    source = model(
        '<businessKnowledgeModel id="k" name="k"><encapsulatedLogic><formalParameter name="n" typeRef="number"/>'
        + text("n = null")
        + "</encapsulatedLogic></businessKnowledgeModel>",
        *SERVICE,
        decision("a", text('k("x")'), "k"),
        decision("b", text("k([1])"), "k"),
        decision("c", text('s("x", 5)'), "s"),
    )
    assert (value(source, "a"), value(source, "b"), value(source, "c")) == (None, False, None)


def test_a_service_of_several_decisions_gives_a_context() -> None:
    service = (
        '<decisionService id="s" name="s"><outputDecision href="#a"/><outputDecision href="#b"/></decisionService>'
    )
    assert value(model(decision("a", text("1")), decision("b", text("2")), service), "s") == {"a": 1, "b": 2}


def test_imported_elements_stand_under_the_name_of_their_import() -> None:
    base = read(
        model(
            ITEM,
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


def test_an_empty_type_declares_nothing() -> None:
    assert value(model(decision("d", text("[1]")).replace("<variable", '<variable typeRef=""', 1)), "d") == [1]


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
        decision("c", ""),
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


def test_an_unknown_decision_is_an_error() -> None:
    with pytest.raises(UnknownElement, match="no decision or decision service 'x'"):
        result(model(decision("a", text("1"))), "x")


@pytest.mark.parametrize(("type_", "expected"), [("number", None), ("string", "a")])
def test_the_result_of_knowledge_is_fitted_to_the_type_of_its_logic(type_: str, expected: object) -> None:
    source = model(
        f'<businessKnowledgeModel id="k" name="k"><variable name="k"/><encapsulatedLogic typeRef="{type_}">'
        f'{text(chr(34) + "a" + chr(34))}</encapsulatedLogic></businessKnowledgeModel>',
        decision("d", text("k()"), "k"),
    )
    assert value(source, "d", {}) == expected


FREE = model(
    decision("d", table("FIRST", ["amount"], ["level"], [["> limit", '"high"'], ["-", '"low"']])),
    knowledge("k", "", text("amount")),
    decision("outer", text("[d, amount, k()]"), "d", "k"),
    decision("own", text("{amount: 1, r: amount}.r")),
    '<decisionService id="s" name="s"><outputDecision href="#d"/></decisionService>',
)


def asked(name: str, variables: dict[str, object]) -> object:
    definitions = read(FREE, "free.dmn")
    return evaluate_decision(definitions, name, variables, NOW, UTC, free_variables=True).value


def test_decisions_may_name_the_variables_of_the_calling_process() -> None:
    """Camunda's models draw no input data; a business rule task gives its scope's variables all the same."""
    assert asked("d", {"amount": 5, "limit": 3}) == "high"
    assert asked("d", {"amount": 2, "limit": 3}) == "low"
    assert value(FREE, "d", {"amount": 5, "limit": 3}) == "low"


def test_free_variables_reach_decisions_only_and_yield_to_what_the_model_declares() -> None:
    assert asked("outer", {"amount": 5, "limit": 3, "d": "not this"}) == ["high", 5, None]
    assert asked("own", {"amount": 5}) == 1
    assert asked("s", {"amount": 5, "limit": 3}) == "low"
