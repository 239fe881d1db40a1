"""Decision tables: every hit policy and aggregation (DMN 1.5, chapter 8)."""

import pytest

from tests.dmn.models import decision, input_data, model, result, table, text, value

RULES = [["< 10", '"low"'], ["< 20", '"mid"'], ["-", '"any"']]
PRIORITIES = '<output name="o"><outputValues><text>"any", "low", "mid"</text></outputValues></output>'


def deciding(policy: str, outputs: list[str], rules: list[list[str]]) -> bytes:
    return model(input_data("i", type_="number"), decision("d", table(policy, ["i"], outputs, rules), "i"))


@pytest.mark.parametrize(
    ("policy", "output", "given", "expected", "matched"),
    [
        ("UNIQUE", "o", 30, "any", (3,)),
        ("UNIQUE", "o", 5, None, ()),
        ("ANY", "o", 30, "any", (3,)),
        ("ANY", "o", 5, None, ()),
        ("FIRST", "o", 15, "mid", (2,)),
        ("PRIORITY", PRIORITIES, 5, "any", (3,)),
        ("RULE_ORDER", "o", 5, ["low", "mid", "any"], (1, 2, 3)),
        ("OUTPUT_ORDER", PRIORITIES, 5, ["any", "low", "mid"], (3, 1, 2)),
        ("COLLECT", "o", 15, ["mid", "any"], (2, 3)),
        ("COLLECT COUNT", "o", 15, 2, (2, 3)),
    ],
)
def test_hit_policy(policy: str, output: str, given: int, expected: object, matched: tuple[int, ...]) -> None:
    source = deciding(policy, [output], RULES)
    assert value(source, "d", {"i": given}) == expected
    assert result(source, "d", {"i": given}).matched_rules == matched


@pytest.mark.parametrize(("aggregation", "expected"), [("SUM", 6), ("MIN", 1), ("MAX", 3), ("COUNT", 3)])
def test_collect_aggregates_numbers(aggregation: str, expected: int) -> None:
    source = deciding(f"COLLECT {aggregation}", ["o"], [["-", "1"], ["> 0", "2"], ["1", "3"]])
    assert value(source, "d", {"i": 1}) == expected


def test_several_outputs_make_a_context_and_any_compares_all_of_them() -> None:
    rules = [["1", '"a"', "10"], ["1", '"a"', "10"], ["2", '"a"', "10"], ["2", '"a"', "11"]]
    source = deciding("ANY", ["name", "fee in CNY"], rules)
    assert value(source, "d", {"i": 1}) == {"name": "a", "fee in CNY": 10}
    assert value(source, "d", {"i": 2}) is None


def test_priority_of_several_outputs_goes_from_left_to_right() -> None:
    outputs = [
        '<output name="a"><outputValues><text>"x", "y"</text></outputValues></output>',
        '<output name="b"><outputValues><text>2, 1</text></outputValues></output>',
    ]
    rules = [["-", '"y"', "2"], ["-", '"x"', "1"], ["-", '"x"', "2"]]
    assert value(deciding("PRIORITY", outputs, rules), "d", {"i": 0}) == {"a": "x", "b": 2}


def test_default_output_is_taken_when_no_rule_matches() -> None:
    output = '<output name="o"><defaultOutputEntry><text>"none"</text></defaultOutputEntry></output>'
    for policy in ("UNIQUE", "COLLECT", "RULE_ORDER"):
        assert value(deciding(policy, [output], [["1", '"one"']]), "d", {"i": 9}) == "none"


def test_without_a_match_and_a_default_the_result_is_null() -> None:
    assert value(deciding("UNIQUE", ["o"], [["1", '"one"']]), "d", {"i": 9}) is None


def test_a_value_outside_the_allowed_input_values_is_null_for_the_rules() -> None:
    clause = f"<input>{text('i', 'inputExpression')}<inputValues><text>[0..10]</text></inputValues></input>"
    source = deciding("UNIQUE", ["o"], [["null", '"refused"'], ["not(null)", '"taken"']]).replace(
        f"<input>{text('i', 'inputExpression')}</input>".encode(), clause.encode()
    )
    assert value(source, "d", {"i": 5}) == "taken"
    outcome = result(source, "d", {"i": 50})
    assert outcome.value == "refused"
    assert "allowed input values" in outcome.warnings[0]


def test_an_output_outside_the_output_values_is_null() -> None:
    outputs = ['<output name="a"><outputValues><text>"x", starts with(?, "y")</text></outputValues></output>', "b"]
    source = deciding("FIRST", outputs, [["1", '"yes"', "1"], ["-", '"z"', "2"]])
    assert value(source, "d", {"i": 1}) == {"a": "yes", "b": 1}
    assert value(source, "d", {"i": 2}) == {"a": None, "b": 2}


def test_entries_see_the_input_value_and_the_other_names_in_scope() -> None:
    source = model(
        input_data("i", type_="number"),
        input_data("i limit", "limit of case", "number"),
        decision(
            "d", table("FIRST", ["i"], ["o"], [["? > limit of case and odd(?)", "i * 2"], ["-", "0"]]), "i", "i limit"
        ),
    )
    assert value(source, "d", {"i": 7, "limit of case": 5}) == 14
    assert value(source, "d", {"i": 8, "limit of case": 5}) == 0


def test_output_entries_are_coerced_to_the_type_of_their_clause() -> None:
    source = deciding("FIRST", ['<output name="o" typeRef="number"/>'], [["1", '"x"'], ["2", "[5]"]])
    assert value(source, "d", {"i": 1}) is None
    assert value(source, "d", {"i": 2}) == 5
