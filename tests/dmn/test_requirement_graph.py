"""Requirement graphs: decisions and knowledge models on what they require."""

from datetime import UTC

import pytest

from bpmn.dmn.api import UnknownElement, evaluate_decision, read
from bpmn.feel.api import Budget, FeelBudgetExceeded
from tests.dmn.models import NOW, decision, input_data, knowledge, model, result, text, value


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


def test_a_decision_without_logic_is_brought_by_the_caller() -> None:
    """People decide such a one; the standard lets a model draw it all the same."""
    source = model(
        '<knowledgeSource id="officer" name="officer"/>',
        decision("opinion", "", type_="string"),
        decision("d", text('"opinion: " + opinion'), "opinion"),
        '<decisionService id="s" name="s"><outputDecision href="#d"/><inputDecision href="#opinion"/>'
        "</decisionService>",
        decision("caller", text('s("no")'), "s"),
    )
    assert value(source, "d", {"opinion": "yes"}) == "opinion: yes"
    assert value(source, "opinion", {"opinion": "yes"}) == "yes"
    assert value(source, "opinion", {"opinion": 1}) is None
    assert value(source, "caller") == "opinion: no"
    outcome = result(source, "d")
    assert outcome.value is None
    assert outcome.warnings[0] == "The decision 'opinion' has no logic, and its result was not given."


def test_a_knowledge_model_without_logic_is_no_function() -> None:
    source = model('<businessKnowledgeModel id="k" name="k"/>', decision("d", text("k(1)"), "k"))
    outcome = result(source, "d")
    assert outcome.value is None
    assert outcome.warnings[0] == "'k' has no logic."


def test_a_decision_sees_only_what_it_requires() -> None:
    assert value(model(decision("a", text("1")), decision("b", text("a"))), "b") is None


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


@pytest.mark.parametrize(("type_", "expected"), [("number", None), ("string", "a")])
def test_the_result_of_knowledge_is_fitted_to_the_type_of_its_logic(type_: str, expected: object) -> None:
    source = model(
        f'<businessKnowledgeModel id="k" name="k"><variable name="k"/><encapsulatedLogic typeRef="{type_}">'
        f'{text(chr(34) + "a" + chr(34))}</encapsulatedLogic></businessKnowledgeModel>',
        decision("d", text("k()"), "k"),
    )
    assert value(source, "d", {}) == expected


def test_an_unknown_decision_is_an_error() -> None:
    with pytest.raises(UnknownElement, match="no decision or decision service 'x'"):
        result(model(decision("a", text("1"))), "x")
