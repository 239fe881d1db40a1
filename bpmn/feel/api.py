"""The FEEL of DMN 1.5: compile once, evaluate often. Values are described in values.py, limits in budget.py.

Pure by construction: no clock (`now` is given), no randomness, no I/O; the same arguments give the same result."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from types import MappingProxyType

from bpmn.feel import budget as budgets
from bpmn.feel.budget import Budget, Meter
from bpmn.feel.compile import compile_tree
from bpmn.feel.compiler import Evaluator
from bpmn.feel.errors import FeelBudgetExceeded, FeelError, FeelSyntaxError
from bpmn.feel.intake import to_feel
from bpmn.feel.json_values import from_json, to_json
from bpmn.feel.name_index import NameIndex, is_simple
from bpmn.feel.parse import parser_for
from bpmn.feel.parse_tests import whole_unary_tests
from bpmn.feel.registry import as_function
from bpmn.feel.runtime import RootValues, Runtime, Scope
from bpmn.feel.signature import Builtin, host_function
from bpmn.feel.stringify import text_of
from bpmn.feel.types import FeelType
from bpmn.feel.values import Function, Range, Value
from bpmn.record import record

DEFAULT = budgets.DEFAULT
_NO_TYPES: Mapping[str, FeelType] = MappingProxyType({})
_NO_FUNCTIONS: Mapping[str, Function] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression or, with `unary`, compiled unary tests. Immutable and shared between evaluations."""

    text: str
    evaluator: Evaluator = field(compare=False, repr=False)
    height: int
    unary: bool = False
    names: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    cost: int = field(default=0, compare=False)  # steps of one evaluation

    def __deepcopy__(self, memo: object) -> "Expression":
        return self

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        """Closures do not travel: the other side compiles again. Types are left behind; only DMN files have any."""
        return _compile, (self.text, self.names, self.members, {}, self.unary)


@record
class Result:
    value: Value
    warnings: tuple[str, ...] = ()


def compile_expression(
    text: str,
    names: Iterable[str] = frozenset(),
    *,
    members: Iterable[str] | NameIndex = (),
    types: Mapping[str, FeelType] = _NO_TYPES,
) -> Expression:
    """`names`: variables in scope whose names contain spaces or operators; `members`: such names of context entries;
    `types`: item definitions for `instance of`. Simple names need not be announced. A name may also be written
    between backticks. Raises FeelSyntaxError."""
    return _compile(text, names, members, types, unary=False)


def compile_unary_tests(
    text: str,
    names: Iterable[str] = frozenset(),
    *,
    members: Iterable[str] | NameIndex = (),
    types: Mapping[str, FeelType] = _NO_TYPES,
) -> Expression:
    """Tests of an input entry, evaluated with `?` in the context as the input value."""
    return _compile(text, names, members, types, unary=True)


def _compile(
    text: str, names: Iterable[str], members: Iterable[str] | NameIndex, types: Mapping[str, FeelType], unary: bool
) -> Expression:
    parser = parser_for(text, names, members, types)
    tree = whole_unary_tests(parser) if unary else parser.whole_expression()
    try:
        evaluator, height, cost = compile_tree(tree)
    except FeelSyntaxError as error:
        raise FeelSyntaxError(text, error.line, error.column, error.message) from error
    special = tuple(sorted(name for name in names if not is_simple(name)))
    listed = () if isinstance(members, NameIndex) else tuple(sorted(members))
    return Expression(text, evaluator, height, unary, special, listed, cost)


def evaluate(
    expression: Expression,
    context: Mapping[str, object],
    *,
    now: datetime,
    zone: tzinfo,
    budget: Budget = DEFAULT,
    functions: Mapping[str, Function] = _NO_FUNCTIONS,
) -> Result:
    """The value and the warnings that say why parts of it became null. Raises FeelBudgetExceeded. `functions` are
    the caller's own, made once by `as_function`."""
    meter = Meter(budget)
    runtime = Runtime(meter, now, zone, functions)
    value = finished(evaluate_in(expression, Scope(RootValues(context, meter), None, runtime)), meter)
    return Result(value, tuple(runtime.warnings))


def evaluate_in(expression: Expression, scope: Scope) -> Value:
    """Within a running evaluation: what the DMN engine uses, so that one budget covers a whole decision."""
    meter = scope.runtime.meter
    meter.enter(expression.height)
    if expression.cost:
        meter.step(expression.cost)
    try:
        value = expression.evaluator(scope)
    except RecursionError:
        # The counted depth is the deterministic limit; this is the net below it for hosts with a nearly full stack.
        raise FeelBudgetExceeded("levels of depth", meter.budget.depth) from None
    meter.leave(expression.height)
    return value


def finished(value: Value, meter: Meter) -> Value:
    """A result that the caller can walk through: as text, as JSON."""
    meter.written(value)
    return value


__all__ = [
    "DEFAULT",
    "Budget",
    "Builtin",
    "Expression",
    "FeelBudgetExceeded",
    "FeelError",
    "FeelSyntaxError",
    "Function",
    "Range",
    "Result",
    "Value",
    "as_function",
    "compile_expression",
    "compile_unary_tests",
    "evaluate",
    "evaluate_in",
    "from_json",
    "host_function",
    "text_of",
    "to_feel",
    "to_json",
]
