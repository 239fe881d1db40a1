"""Boxed expressions (DMN 1.5, 10.2.1)."""

import pytest

from tests.dmn.models import decision, input_data, knowledge, model, text, value


def entry(name: str, logic: str, type_: str = "") -> str:
    variable = f'<variable name="{name}"{f" typeRef={chr(34)}{type_}{chr(34)}" if type_ else ""}/>' if name else ""
    return f"<contextEntry>{variable}{logic}</contextEntry>"


def boxed(logic: str, *more: str) -> bytes:
    return model(decision("d", logic, *(["k"] if more else [])), *more)


def test_context_entries_see_earlier_ones() -> None:
    assert value(boxed(f"<context>{entry('a b', text('1'))}{entry('c', text('a b + 1'))}</context>"), "d") == {
        "a b": 1,
        "c": 2,
    }


def test_context_with_a_result_gives_the_result() -> None:
    assert value(boxed(f"<context>{entry('a', text('2'))}{entry('', text('a * 3'))}</context>"), "d") == 6


def test_context_entries_are_coerced_to_their_types() -> None:
    assert value(
        boxed(f"<context>{entry('a', text('[1]'), 'number')}{entry('b', text('1'), 'string')}</context>"), "d"
    ) == {"a": 1, "b": None}


def test_list_and_relation() -> None:
    assert value(boxed(f"<list>{text('1')}{text('2 + 3')}</list>"), "d") == [1, 5]
    rows = f"<row>{text('1')}{text('2')}</row><row>{text('3')}{text('4')}</row>"
    assert value(boxed(f'<relation><column name="x y"/><column name="z"/>{rows}</relation>'), "d") == [
        {"x y": 1, "z": 2},
        {"x y": 3, "z": 4},
    ]


def test_function_definition_and_recursion_through_its_entry() -> None:
    body = text("if n <= 1 then 1 else n * fact(n - 1)")
    function = f'<functionDefinition><formalParameter name="n" typeRef="number"/>{body}</functionDefinition>'
    assert value(boxed(f"<context>{entry('fact', function)}{entry('', text('fact(5)'))}</context>"), "d") == 120


def test_invocation_binds_by_name() -> None:
    bindings = "".join(
        f'<binding><parameter name="{name}"/>{text(it)}</binding>' for name, it in (("b", "2"), ("a", "10"))
    )
    source = boxed(f"<invocation>{text('k')}{bindings}</invocation>", knowledge("k", "a, b", text("a - b")))
    assert value(source, "d") == 8


@pytest.mark.parametrize(
    ("condition", "expected"), [("1 < 2", "yes"), ("1 > 2", "no"), ("null", "no"), ('"yes"', None)]
)
def test_conditional(condition: str, expected: str | None) -> None:
    yes, no = text('"yes"'), text('"no"')
    parts = f"<if>{text(condition)}</if><then>{yes}</then><else>{no}</else>"
    assert value(boxed(f"<conditional>{parts}</conditional>"), "d") == expected


def test_a_filter_sees_members_by_their_bare_names() -> None:
    items = text("[{age of case: 1}, {age of case: 5}]")
    logic = f"<filter><in>{items}</in><match>{text('age of case > 2')}</match></filter>"
    assert value(boxed(logic), "d") == [{"age of case": 5}]


def test_filter() -> None:
    items = text("[{age of case: 1}, {age of case: 5}]")
    assert value(boxed(f"<filter><in>{items}</in><match>{text('item.age of case > 2')}</match></filter>"), "d") == [
        {"age of case": 5}
    ]


@pytest.mark.parametrize(
    ("kind", "part", "body", "expected"),
    [
        ("for", "return", "x * 2", [2, 4, 6]),
        ("some", "satisfies", "x > 2", True),
        ("every", "satisfies", "x > 2", False),
    ],
)
def test_iterators(kind: str, part: str, body: str, expected: object) -> None:
    logic = f'<{kind} iteratorVariable="x"><in>{text("[1, 2, 3]")}</in><{part}>{text(body)}</{part}></{kind}>'
    assert value(boxed(logic), "d") == expected


def test_partial_results_that_are_kept_are_those_of_their_moment() -> None:
    boxed = f'<for iteratorVariable="x"><in>{text("[1, 2]")}</in><return>{text("[x, partial]")}</return></for>'
    assert value(model(decision("d", boxed)), "d") == [[1, []], [2, [[1, []]]]]


def test_for_sees_partial_results_and_takes_ranges() -> None:
    body = text("if x = 1 then 1 else x * partial[-1]")
    logic = f'<for iteratorVariable="x"><in>{text("[1..4]")}</in><return>{body}</return></for>'
    assert value(boxed(logic), "d") == [1, 2, 6, 24]


def test_java_functions_are_not_executed() -> None:
    body = f"<context>{entry('class', text('null'))}</context>"
    function = f'<functionDefinition kind="Java">{body}</functionDefinition>'
    assert value(boxed(f"<context>{entry('f', function)}{entry('', text('f()'))}</context>"), "d") is None


def test_a_typed_literal_expression_is_coerced() -> None:
    assert value(boxed(text('"foo"', attributes='typeRef="number"')), "d") is None
    assert value(model(input_data("i"), decision("d", text("i"), "i", type_="string")), "d", {"i": ["a"]}) == "a"


@pytest.mark.parametrize("kind", ["some", "every"])
def test_a_boxed_quantifier_wants_true_or_false_of_each_item(kind: str) -> None:
    parts = f"<in>{text('[1, 2]')}</in><satisfies>{text('if item = 2 then ITEM else 3')}</satisfies>"
    decisive = "true" if kind == "some" else "false"
    source = f'<{kind} iteratorVariable="item">{parts.replace("ITEM", decisive)}</{kind}>'
    assert value(boxed(source), "d") is None
