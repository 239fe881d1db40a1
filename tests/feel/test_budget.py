"""No expression can hang or eat the worker: each limit stops it, and at the same place every time."""

import pytest

from bpmn.feel.api import Budget, FeelBudgetExceeded, FeelSyntaxError, compile_expression
from tests.feel.evaluating import result, value


@pytest.mark.parametrize(
    "text",
    [
        "{f: function(n) f(n + 1), r: f(1)}.r",
        "{f: function(g) g(g), r: f(f)}.r",
        "count(for i in 1..1000000000 return i)",
        "count(for a in 1..1000, b in 1..1000, c in 1..1000 return 1)",
        "some a in 1..100000, b in 1..100000 satisfies false",
        '{s: for i in 1..40 return if i = 1 then "ab" else partial[-1] + partial[-1]}',
        "{l: for i in 1..40 return if i = 1 then [1] else concatenate(partial[-1], partial[-1])}",
        'matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "(a+)+\\1$")',
        "sort(for i in 1..40000 return -i, function(x, y) x < y)",
        "count(for i in 1..50000 return [" + ",".join("1" * 5000) + "])",
        "count(for i in 1..50000 return " + " and ".join(["i > 0"] * 150) + ")",
        "{f: function(i) " + " + ".join(["i"] * 150) + ", r: (for i in 1..100000 return f(i))[1]}.r",
        "(for i in 1..50000 return {" + ",".join(f"k{n}: i" for n in range(4000)) + "})[1]",
        "for i in 1..1000000000000 return i",
        "[1..1000000000000][item < 3]  = (for i in [1..1000000000000] return i)",
        "some i in 1..1000000000000 satisfies i < 0",
    ],
)
def test_a_runaway_expression_is_stopped(text: str) -> None:
    with pytest.raises(FeelBudgetExceeded):
        value(text)


DOUBLING = "(for i in 1..45 return if i = 1 then [{}] else [partial[-1], partial[-1]])[-1]"
NESTING = "(for i in 1..3000 return if i = 1 then [] else [partial[-1]])[-1]"


@pytest.mark.parametrize(
    "text",
    [
        DOUBLING.format(1),
        NESTING,
        f"string({DOUBLING.format(1)})",
        f"{DOUBLING.format(1)} = {DOUBLING.format(2)}",
        f"[{DOUBLING.format(1)}] in [{DOUBLING.format(2)}]",
        f"list contains([{DOUBLING.format(1)}], {DOUBLING.format(2)})",
        f"{DOUBLING.format(1)} instance of list<list<number>>",
        f"is({NESTING}, {NESTING})",
    ],
)
def test_values_that_share_or_nest_their_parts_cannot_blow_up(text: str) -> None:
    with pytest.raises(FeelBudgetExceeded):
        value(text)


LONG = "a" * 900_000


@pytest.mark.parametrize(
    "text",
    [
        "for i in 1..50000 return substring(s, 2)",
        "for i in 1..50000 return upper case(s)",
        "for i in 1..50000 return number(s)",
        "for i in 1..50000 return contains(s, t)",
        "for i in 1..50000 return substring before(s, t)",
        "for i in 1..50000 return all(l)",
        "for i in 1..50000 return reverse(l)",
        "s + s",
        "string join([s, s])",
        "string([s, s, s, s, s])",
        "to json([s, s, s, s, s])",
        "to base64(s + t)",
        "[s, s, s, s, s]",
        "concatenate(" + ", ".join(["l"] * 5000) + ")",
        "union(" + ", ".join(["l"] * 5000) + ")",
        'replace(s, "a", "bb")',
        'replace(u, "^(.+)$", p)',
        'matches(t, c, "")',
        'split(s, "a")',
    ],
)
def test_long_texts_and_lists_cost_what_they_weigh(text: str) -> None:
    """Neither work nor memory may come free of the budget because one step handles a million characters."""
    context = {
        "s": LONG, "t": LONG[1:] + "b", "u": LONG[:10_000], "l": [True] * 49_000, "p": "$1" * 100_000,
        "c": "[" + "".join(map(chr, range(0x4E00, 0x8E00))) + "]x",
    }
    with pytest.raises(FeelBudgetExceeded):
        value(text, context)


def test_catastrophic_patterns_are_decided_in_linear_work() -> None:
    text = "a" * 2000 + "!"
    assert value('matches(t, "(a+)+$")', {"t": text}) is False
    assert value('matches(t, "^(a|aa)*$")', {"t": text}) is False
    assert value('matches(t, "^(([a-z])+.)+[A-Z]([a-z])+$")', {"t": text}) is False


def test_the_same_evaluation_uses_the_same_budget_each_time() -> None:
    for steps in range(1, 60):
        outcomes = []
        for _ in range(2):
            try:
                outcomes.append(value("sum(for i in 1..20 return i)", budget=Budget(steps=steps)))
            except FeelBudgetExceeded as stopped:
                outcomes.append(stopped.limit)
        assert outcomes[0] == outcomes[1]


@pytest.mark.parametrize(
    "text",
    [
        "(" * 500 + "1" + ")" * 500,
        "-" * 3000 + "1",
        "[" * 3000,
        "+".join(["1"] * 5000),
        "]1..[" * 200,
        "not(" * 400 + "true" + ")" * 400,
        "if " * 900,
    ],
)
def test_text_that_nests_or_chains_without_end_is_refused_when_compiled(text: str) -> None:
    with pytest.raises(FeelSyntaxError):
        compile_expression(text)


def test_recursion_within_the_budget_works() -> None:
    assert value("{f: function(n) if n <= 1 then 1 else n * f(n - 1), r: f(20)}.r") == 2432902008176640000


def test_warnings_are_bounded_and_hold_no_values() -> None:
    outcome = result('for i in 1..200 return "secret" + i')
    assert len(outcome.warnings) <= 50
    assert not any("secret" in warning for warning in outcome.warnings)


def test_huge_inputs_count_against_the_budget() -> None:
    with pytest.raises(FeelBudgetExceeded):
        value("x[1]", {"x": list(range(60_000))})
    assert value("y", {"x": list(range(60_000)), "y": 1}) == 1
