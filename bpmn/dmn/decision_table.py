"""Decision tables (DMN 1.5, chapter 8): reading and evaluation."""

from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree

from bpmn.dmn.hit_policy import POLICIES, Column, Hit
from bpmn.dmn.model import Logic
from bpmn.dmn.reader_context import ReaderContext
from bpmn.dmn.typed import fit, typed
from bpmn.dmn.xml import child, children, text_of
from bpmn.feel.name_index import normal
from bpmn.feel.runtime import Scope
from bpmn.feel.types import FeelType
from bpmn.feel.values import Value

_POLICY_NAMES = {
    "UNIQUE": "U", "ANY": "A", "PRIORITY": "P", "FIRST": "F", "RULE ORDER": "R", "OUTPUT ORDER": "O", "COLLECT": "C",
    "RULE_ORDER": "R", "OUTPUT_ORDER": "O",
}
_RANKING = ("P", "O")
_AGGREGATIONS = {"": "", "SUM": "+", "MIN": "<", "MAX": ">", "COUNT": "#"}


@dataclass(frozen=True, slots=True)
class _Input:
    expression: Logic
    allowed: Logic | None
    label: str


@dataclass(frozen=True, slots=True)
class _Output:
    name: str
    type: FeelType | None
    allowed: Logic | None
    priorities: Logic | None  # the allowed values as a list, for the policies that rank by them
    default: Logic | None


@dataclass(frozen=True, slots=True)
class _Rule:
    tests: tuple[Logic | None, ...]
    outputs: tuple[Logic, ...]


def decision_table(element: etree._Element, context: ReaderContext) -> Logic:
    inputs = [_input(clause, context) for clause in children(element, "input")]
    policy = _policy(element, context)
    outputs = [_output(clause, policy in _RANKING, context) for clause in children(element, "output")]
    rules = [_rule(rule, len(inputs), len(outputs), context) for rule in children(element, "rule")]
    if not outputs:
        context.problem("table-output", element, "The decision table has no output.", "Add an output clause.")
    if len(outputs) > 1 and any(not output.name for output in outputs):
        context.problem("table-output-name", element, "An output of a table with several has no name.", "Name it.")

    def evaluate(scope: Scope) -> Value:
        values = [_input_value(clause, scope) for clause in inputs]
        hits = _hits(rules, outputs, values, scope)
        columns = [_column(output, scope) for output in outputs]
        if not hits and any(output.default for output in outputs):
            return _row(outputs, [output.default(scope) if output.default else None for output in outputs])
        return POLICIES[policy](hits, columns, scope.runtime)

    return evaluate


def _policy(element: etree._Element, context: ReaderContext) -> str:
    written = element.get("hitPolicy") or "UNIQUE"
    policy = _POLICY_NAMES.get(written.upper())
    aggregation = _AGGREGATIONS.get(element.get("aggregation") or "")
    if policy is None or aggregation is None or (aggregation and policy != "C"):
        context.problem("hit-policy", element, f"'{written}' is no usable hit policy with this aggregation.",
                        "Use one of U, A, P, F, R, O, C, C+, C<, C>, C#.")
        return "U"
    return policy + aggregation


def _input(clause: etree._Element, context: ReaderContext) -> _Input:
    expression = child(clause, "inputExpression")
    text = text_of(expression)
    if expression is None or not text:
        context.problem("table-input", clause, "An input clause has no expression.", "Write what is tested.")
        return _Input(lambda scope: None, None, "")
    allowed = text_of(child(clause, "inputValues"))
    return _Input(
        context.expression(text, expression),
        context.unary_tests(allowed, clause) if allowed else None,
        normal(clause.get("label") or text),
    )


def _output(clause: etree._Element, ranking: bool, context: ReaderContext) -> _Output:
    values_clause = child(clause, "outputValues")
    text = text_of(values_clause)
    default = child(clause, "defaultOutputEntry")
    default_text = text_of(default)
    return _Output(
        normal(clause.get("name") or ""),
        context.type_of(clause),
        context.unary_tests(text, clause) if text else None,
        context.expression(f"[{text}]", clause) if text and ranking else None,
        context.expression(default_text, clause) if default is not None and default_text else None,
    )


def _rule(rule: etree._Element, inputs: int, outputs: int, context: ReaderContext) -> _Rule:
    tests: list[Logic | None] = []
    for entry in children(rule, "inputEntry"):
        text = text_of(entry)
        tests.append(None if text in ("", "-") else context.unary_tests(text, entry))
    results: list[Logic] = []
    for entry in children(rule, "outputEntry"):
        text = text_of(entry)
        logic = context.expression(text, entry) if text else lambda scope: None
        results.append(typed(logic, context.type_of(entry), "An output entry"))
    if len(tests) != inputs or len(results) != outputs:
        context.problem("table-rule", rule, f"A rule has {len(tests)} input and {len(results)} output entries for "
                        f"{inputs} inputs and {outputs} outputs.", "Give each clause one entry.")
    return _Rule(tuple(tests), tuple(results))


def _input_value(clause: _Input, scope: Scope) -> Value:
    """A value that is not among the clause's allowed ones is null for the rules (8.3.3)."""
    value = clause.expression(scope)
    if clause.allowed is None or value is None:
        return value
    for item in value if type(value) is list else [value]:
        if clause.allowed(_with_input(item, scope)) is not True:
            scope.runtime.warn(f"The value of '{clause.label}' is not among the allowed input values.")
            return None
    return value


def _with_input(value: Value, scope: Scope) -> Scope:
    return Scope({"?": value}, scope, scope.runtime)


def _hits(rules: Sequence[_Rule], outputs: Sequence[_Output], values: list[Value], scope: Scope) -> list[Hit]:
    scopes = [_with_input(value, scope) for value in values]
    hits: list[Hit] = []
    for number, rule in enumerate(rules, 1):
        scope.runtime.meter.step()
        if all(test is None or test(inner) is True for test, inner in zip(rule.tests, scopes, strict=False)):
            pairs = zip(outputs, rule.outputs, strict=False)
            results = [_fitted(output, result(scope), scope) for output, result in pairs]
            hits.append(Hit(number, tuple(results), _row(outputs, results)))
    return hits


def _fitted(output: _Output, value: Value, scope: Scope) -> Value:
    coerced = fit(value, output.type, f"An entry of the output '{output.name}'", scope.runtime)
    if output.allowed is not None and coerced is not None and output.allowed(_with_input(coerced, scope)) is not True:
        scope.runtime.warn(f"An entry of the output '{output.name}' is not among its output values.")
        return None
    return coerced


def _row(outputs: Sequence[_Output], values: Sequence[Value]) -> Value:
    if len(outputs) == 1:
        return values[0] if values else None
    return {output.name: value for output, value in zip(outputs, values, strict=False)}


def _column(output: _Output, scope: Scope) -> Column:
    return Column(output.name, tuple(output.priorities(scope) or ()) if output.priorities else ())
