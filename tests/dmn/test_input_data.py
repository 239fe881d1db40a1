"""What decisions are given: input data by their types, and the variables of the calling process."""

from datetime import UTC

import pytest

from bpmn.dmn.api import evaluate_decision, read
from tests.dmn.models import NOW, decision, input_data, knowledge, model, result, table, text, value

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


def test_a_missing_input_is_null_with_a_warning() -> None:
    outcome = result(model(input_data("i"), decision("a", text("i = null"), "i")), "a")
    assert outcome.value is True
    assert "was not given" in outcome.warnings[0]


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


def test_an_empty_type_declares_nothing() -> None:
    assert value(model(decision("d", text("[1]")).replace("<variable", '<variable typeRef=""', 1)), "d") == [1]


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
