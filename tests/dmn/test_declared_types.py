"""Every place of a model that may declare a type holds its value to it; what does not conform is null (10.3.2.9.4)."""

from typing import Any

import pytest

from tests.dmn.models import decision, input_data, model, text, value

LEVELS = (
    '<itemDefinition name="tLevel"><typeRef>string</typeRef><allowedValues><text>"high", "low"</text></allowedValues>'
    "</itemDefinition>"
    '<itemDefinition name="tToLevel"><functionItem outputTypeRef="tLevel"><parameters name="a"/></functionItem>'
    "</itemDefinition>"
    '<itemDefinition name="tOfLevel"><functionItem><parameters name="given" typeRef="tLevel"/></functionItem>'
    "</itemDefinition>"
    '<itemDefinition name="tLevels" isCollection="true"><typeRef>tLevel</typeRef></itemDefinition>'
)
ENTRY = '<outputEntry typeRef="tLevel"><text>i</text></outputEntry>'
PLACES = {
    "literal expression": text("i", attributes='typeRef="tLevel"'),
    "decision table": '<decisionTable typeRef="tLevel"><output/>'
    f"<rule>{text('i', 'outputEntry')}</rule></decisionTable>",
    "output entry": f"<decisionTable><output/><rule>{ENTRY}</rule></decisionTable>",
    "parameter of a lambda": text("(function(a: tLevel) a)(i)"),
    "binding of an invocation": f'<invocation>{text("function(a) a")}<binding><parameter name="a" typeRef="tLevel"/>'
    f"{text('i')}</binding></invocation>",
    "invocation": f'<invocation typeRef="tLevel">{text("function(a) a")}<binding><parameter name="a"/>{text("i")}'
    "</binding></invocation>",
}


def levels(*elements: str) -> bytes:
    return model(LEVELS, input_data("i"), *elements)


@pytest.mark.parametrize("place", PLACES)
def test_a_value_outside_the_declared_type_is_null(place: str) -> None:
    source = levels(decision("d", PLACES[place], "i"))
    assert value(source, "d", {"i": "high"}) == "high"
    assert value(source, "d", {"i": "middling"}) is None


def test_a_cell_is_held_to_the_type_of_its_column() -> None:
    relation = f'<relation><column name="level" typeRef="tLevel"/><row>{text("i")}</row></relation>'
    source = levels(decision("d", relation, "i"))
    assert value(source, "d", {"i": "low"}) == [{"level": "low"}]
    assert value(source, "d", {"i": "none"}) == [{"level": None}]


FUNCTIONS = {
    "a lambda": text("(function(a: tLevel) a)", attributes='typeRef="tToLevel"'),
    "a boxed function": f'<functionDefinition typeRef="tToLevel"><formalParameter name="a"/>{text("a")}'
    "</functionDefinition>",
}


@pytest.mark.parametrize("kind", FUNCTIONS)
def test_a_function_type_binds_the_result_of_later_calls(kind: str) -> None:
    source = levels(decision("f", FUNCTIONS[kind]), decision("d", text("f(i)"), "f", "i"))
    assert value(source, "d", {"i": "high"}) == "high"
    assert value(source, "d", {"i": "middling"}) is None


def service(type_: str, output: str, inputs: str) -> str:
    return (
        f'<decisionService id="s" name="s"><variable name="s" typeRef="{type_}"/><outputDecision href="#{output}"/>'
        f"{inputs}</decisionService>"
    )


def test_a_services_function_type_declares_its_parameters_and_its_result() -> None:
    given = decision("given", text('"never asked"'))
    of_level = levels(
        given, decision("echo", text("given"), "given"), service("tOfLevel", "echo", '<inputDecision href="#given"/>')
    )
    assert value(of_level, "s", {"given": "low"}) == "low"
    assert value(of_level, "s", {"given": "none"}) is None
    to_level = levels(decision("echo", text("i"), "i"), service("tToLevel", "echo", '<inputData href="#i"/>'))
    assert value(to_level, "s", {"i": "low"}) == "low"
    assert value(to_level, "s", {"i": "none"}) is None


def knowledge(type_: str, body: str) -> str:
    return (
        f'<businessKnowledgeModel id="k" name="k"><variable name="k" typeRef="{type_}"/><encapsulatedLogic>'
        f'<formalParameter name="a" typeRef="date"/>{body}</encapsulatedLogic></businessKnowledgeModel>'
    )


@pytest.mark.parametrize(
    ("type_", "body", "expected"),
    [("number", "a.day", 3), ("tLevel", '"high"', "high"), ("tLevels", '"high"', ["high"]), ("tLevel", '"none"', None)],
)
def test_a_business_knowledge_model_can_be_asked_from_outside(type_: str, body: str, expected: Any) -> None:
    assert value(levels(knowledge(type_, text(body))), "k", {"a": "2026-09-03"}) == expected


def test_instance_of_looks_at_the_type_and_not_at_its_allowed_values() -> None:
    tests = ('"none" instance of tLevel', '["none"] instance of tLevels', "1 instance of tLevel")
    source = levels(decision("d", text(f"[{', '.join(tests)}]")))
    assert value(source, "d") == [True, True, False]
