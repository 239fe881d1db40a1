"""range(): a range written in a string; its endpoints must be literals (DMN 1.5, 10.3.4.1)."""

from collections.abc import Mapping

from bpmn.feel.builtins_temporal import TEMPORAL
from bpmn.feel.compare import less, order_key
from bpmn.feel.errors import FeelSyntaxError
from bpmn.feel.runtime import Runtime
from bpmn.feel.scanner import Scanner
from bpmn.feel.signature import Builtin, call_built_in
from bpmn.feel.temporal_text import parse_any
from bpmn.feel.values import Range, Value

_OPENING = {"[": True, "(": False, "]": False}
_CLOSING = {"]": True, ")": False, "[": False}
_SIGNS = ("<=", ">=", "<", ">")
# What writes a temporal value out of literals; the longer name comes before the one that it begins with.
_CONSTRUCTORS: Mapping[str, Builtin] = {
    one.name: one
    for name in ("years and months duration", "date and time", "date", "time", "duration")
    for one in TEMPORAL
    if one.name == name
}
_MAX_NESTING = 3


def parse_range(text: str, runtime: Runtime) -> Range | None:
    """None when the text is no range of literals."""
    scanner = Scanner(text)
    try:
        return _unary(scanner, runtime) or _interval(scanner, runtime)
    except FeelSyntaxError:
        return None


def _unary(scanner: Scanner, runtime: Runtime) -> Range | None:
    """`< 5` and its like."""
    sign = next((symbol for symbol in _SIGNS if scanner.take(symbol)), None)
    if sign is None:
        return None
    end = _endpoint(scanner, runtime)
    scanner.take("]")  # the conformance tests close some of these with a bracket that nothing opened
    if not scanner.at_end():
        raise scanner.error("Expected the end.")
    if sign in ("<", "<="):
        return Range(None, end, False, sign == "<=", low_bounded=False)
    return Range(end, None, sign == ">=", False, high_bounded=False)


def _interval(scanner: Scanner, runtime: Runtime) -> Range | None:
    low_included = _bracket(scanner, _OPENING)
    low = None if scanner.starts("..") else _endpoint(scanner, runtime)
    scanner.expect("..", "between the endpoints")
    high = None if any(scanner.starts(symbol) for symbol in _CLOSING) else _endpoint(scanner, runtime)
    high_included = _bracket(scanner, _CLOSING)
    if not scanner.at_end() or (low is None and high is None):
        return None
    if (low is None and low_included) or (high is None and high_included):
        return None
    if low is not None and high is not None and less(high, low) is not False:
        return None
    return Range(low, high, low_included, high_included, low is not None, high is not None)


def _bracket(scanner: Scanner, symbols: dict[str, bool]) -> bool:
    for symbol, included in symbols.items():
        if scanner.take(symbol):
            return included
    raise scanner.error("Expected a bracket.")


def _endpoint(scanner: Scanner, runtime: Runtime) -> Value:
    value = _literal(scanner, runtime, 0)
    if order_key(value) is None:
        raise scanner.error("Expected a literal that has an order.")
    return value


def _literal(scanner: Scanner, runtime: Runtime, nesting: int) -> Value:
    negative = scanner.take("-")
    if scanner.at_number():
        number = scanner.number()
        return number.copy_negate() if negative else number
    if not negative and scanner.starts('"'):
        return scanner.string()
    if not negative and scanner.take("@"):
        return parse_any(_text(scanner))
    constructor = None if negative else next((one for name, one in _CONSTRUCTORS.items() if scanner.take(name)), None)
    if constructor is None or nesting > _MAX_NESTING:
        raise scanner.error("Expected a literal.")
    scanner.expect("(", "to open the parts of the literal")
    parts = [_literal(scanner, runtime, nesting + 1)]
    while scanner.take(","):
        parts.append(_literal(scanner, runtime, nesting + 1))
    scanner.expect(")", "after the literal")
    return call_built_in(constructor, parts, runtime)


def _text(scanner: Scanner) -> str:
    if not scanner.starts('"'):
        raise scanner.error("Expected a string.")
    return scanner.string()
