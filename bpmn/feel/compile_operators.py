"""Literals, names, logic, comparison, arithmetic, unary tests."""

from collections.abc import Callable, Mapping
from decimal import Decimal

from bpmn.feel import arithmetic, ast, compare
from bpmn.feel.compiler import Compiler, Evaluator
from bpmn.feel.full_width import hint
from bpmn.feel.membership import matches_value
from bpmn.feel.numbers import CONTEXT
from bpmn.feel.registry import built_in_function
from bpmn.feel.runtime import MISSING, Scope
from bpmn.feel.types import instance_of, without_constraints
from bpmn.feel.values import Range, Value, kind_of


def _literal(node: ast.Literal, compiler: Compiler) -> Evaluator:
    value = node.value
    return lambda scope: value


def _name(node: ast.Name, compiler: Compiler) -> Evaluator:
    name = node.name

    def evaluate(scope: Scope) -> Value:
        value = scope.find(name)
        if value is not MISSING:
            return value
        function = scope.runtime.functions.get(name) or built_in_function(name)
        if function is None:
            scope.runtime.warn(f"There is no variable '{name}'.{hint(name)}")
        return function

    return evaluate


def _input_value(node: ast.InputValue, compiler: Compiler) -> Evaluator:
    return _name(ast.Name("?"), compiler)


def _negation(node: ast.Negation, compiler: Compiler) -> Evaluator:
    operand = compiler(node.operand)
    if isinstance(node.operand, ast.Literal):
        constant = arithmetic.negate(node.operand.value)
        return lambda scope: constant

    def evaluate(scope: Scope) -> Value:
        value = operand(scope)
        result = arithmetic.negate(value)
        if result is None:
            scope.runtime.warn(f"'-' is not defined for {kind_of(value)}.")
        return result

    return evaluate


_FAST: Mapping[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": CONTEXT.add, "-": CONTEXT.subtract, "*": CONTEXT.multiply,
}


def _arithmetic(node: ast.Arithmetic, compiler: Compiler) -> Evaluator:
    left, right, operator = compiler(node.left), compiler(node.right), node.operator
    table = arithmetic.OPERATORS[operator]
    fast = _FAST.get(operator)

    def evaluate(scope: Scope) -> Value:
        one, other = left(scope), right(scope)
        kinds = (type(one), type(other))
        if fast is not None and kinds == (Decimal, Decimal):
            number = fast(one, other)
            if number.is_finite():
                return number
        rule = table.get(kinds)
        result = None if rule is None else arithmetic.bounded(rule(one, other), scope.runtime.meter)
        if result is None:
            scope.runtime.warn(f"'{operator}' gives nothing for {kind_of(one)} and {kind_of(other)}.")
        return result

    return evaluate


def _not_equal(left: Value, right: Value) -> bool | None:
    result = compare.equal(left, right)
    return None if result is None else not result


COMPARISONS: Mapping[str, Callable[[Value, Value], bool | None]] = {
    "=": compare.equal,
    "!=": _not_equal,
    "<": compare.less,
    "<=": compare.less_or_equal,
    ">": lambda left, right: compare.less(right, left),
    ">=": lambda left, right: compare.less_or_equal(right, left),
}


def _comparison(node: ast.Comparison, compiler: Compiler) -> Evaluator:
    left, right, operator = compiler(node.left), compiler(node.right), node.operator
    rule = COMPARISONS[operator]

    def evaluate(scope: Scope) -> Value:
        one, other = left(scope), right(scope)
        if type(one) in _DEEP and type(one) is type(other):
            scope.runtime.meter.measure(one)
            scope.runtime.meter.measure(other)
        result = rule(one, other)
        if result is None:
            scope.runtime.warn(f"'{operator}' cannot compare {kind_of(one)} with {kind_of(other)}.")
        return result

    return evaluate


_DEEP = (list, dict)


def _conjunction(node: ast.Conjunction, compiler: Compiler) -> Evaluator:
    return _ternary(tuple(compiler(operand) for operand in node.operands), decisive=False)


def _disjunction(node: ast.Disjunction, compiler: Compiler) -> Evaluator:
    return _ternary(tuple(compiler(operand) for operand in node.operands), decisive=True)


def _ternary(operands: tuple[Evaluator, ...], decisive: bool) -> Evaluator:
    """Tables 48 and 49: one decisive operand decides; otherwise anything but a boolean makes it null."""

    def evaluate(scope: Scope) -> Value:
        undecided = False
        for operand in operands:
            value = operand(scope)
            if value is decisive:
                return decisive
            if value is not (not decisive):
                undecided = True
        return None if undecided else not decisive

    return evaluate


def _between(node: ast.Between, compiler: Compiler) -> Evaluator:
    value, low, high = compiler(node.value), compiler(node.low), compiler(node.high)

    def evaluate(scope: Scope) -> Value:
        middle = value(scope)
        above, below = compare.less_or_equal(low(scope), middle), compare.less_or_equal(middle, high(scope))
        if above is None or below is None:
            scope.runtime.warn("'between' cannot compare its operands.")
            return False if above is False or below is False else None
        return above and below

    return evaluate


def _open_range(node: ast.OpenRange, compiler: Compiler) -> Evaluator:
    """As a value: a range that is unbounded on one side (10.3.2.7)."""
    endpoint, operator = compiler(node.endpoint), node.operator

    def evaluate(scope: Scope) -> Value:
        value = endpoint(scope)
        if operator in ("<", "<="):
            return Range(None, value, False, operator == "<=", low_bounded=False)
        if operator in (">", ">="):
            return Range(value, None, operator == ">=", False, high_bounded=False)
        return Range(value, value, sign=operator)

    return evaluate


def _test(node: ast.Node, compiler: Compiler) -> Callable[[Scope, Value], bool | None]:
    """One test of `in` or of a unary test, applied to a value."""
    if isinstance(node, ast.OpenRange):
        endpoint, rule = compiler(node.endpoint), COMPARISONS[node.operator]
        return lambda scope, value: rule(value, endpoint(scope))
    evaluator = compiler(node)
    return lambda scope, value: matches_value(value, evaluator(scope), scope.runtime.meter)


def _in(node: ast.In, compiler: Compiler) -> Evaluator:
    value = compiler(node.value)
    tests = tuple(_test(test, compiler) for test in node.tests)

    def evaluate(scope: Scope) -> Value:
        tested = value(scope)
        undecided = False
        for test in tests:
            verdict = test(scope, tested)
            if verdict is True:
                return True
            undecided = undecided or verdict is None
        return None if undecided else False

    return evaluate


def mentions_input(node: object) -> bool:
    """Whether `?` occurs in the test."""
    if isinstance(node, ast.InputValue):
        return True
    if isinstance(node, ast.Node):
        slots: tuple[str, ...] = tuple(node.__slots__)
        return any(mentions_input(getattr(node, slot)) for slot in slots)
    if isinstance(node, ast.Iteration):
        return mentions_input(node.domain) or mentions_input(node.high)
    return isinstance(node, tuple) and any(mentions_input(item) for item in node)


def _unary_tests(node: ast.UnaryTests, compiler: Compiler) -> Evaluator:
    """The input value is the variable `?`. A test that mentions it is a condition, any other a value, list or range to
    match; a bare true that is not about the input counts as met, as in a condition on other variables."""
    tests = tuple((_test(test, compiler), compiler(test), mentions_input(test)) for test in node.tests)
    negated = node.negated
    # `?` alone: every value is itself, false too; but `not(?)` asks for false.
    itself = not negated and any(isinstance(test, ast.InputValue) for test in node.tests)

    def one(scope: Scope, value: Value, test: tuple[Callable[..., Value], Evaluator, bool]) -> bool | None:
        match, evaluator, conditional = test
        if conditional:
            result = evaluator(scope)
            if type(result) is bool:
                return result
            return None if result is None else matches_value(value, result, scope.runtime.meter)
        verdict: bool | None = match(scope, value)
        return verdict

    def evaluate(scope: Scope) -> Value:
        if itself or not tests:
            return True
        value = scope.find("?")
        met = any(one(scope, value, test) is True for test in tests)
        return met is not negated

    return evaluate


def _instance_of(node: ast.InstanceOf, compiler: Compiler) -> Evaluator:
    value, wanted = compiler(node.value), without_constraints(node.type)

    def evaluate(scope: Scope) -> Value:
        tested = value(scope)
        scope.runtime.meter.measure(tested)
        return instance_of(tested, wanted)

    return evaluate


RULES: Mapping[type[ast.Node], Callable[..., Evaluator]] = {
    ast.Literal: _literal,
    ast.Name: _name,
    ast.InputValue: _input_value,
    ast.Negation: _negation,
    ast.Arithmetic: _arithmetic,
    ast.Comparison: _comparison,
    ast.Conjunction: _conjunction,
    ast.Disjunction: _disjunction,
    ast.Between: _between,
    ast.OpenRange: _open_range,
    ast.In: _in,
    ast.UnaryTests: _unary_tests,
    ast.InstanceOf: _instance_of,
}
