"""Numeric functions (DMN 1.5, 10.3.4.5)."""

from collections.abc import Callable
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
)

from bpmn.feel import numbers
from bpmn.feel.numbers import CONTEXT
from bpmn.feel.runtime import Runtime
from bpmn.feel.signature import Builtin, signature
from bpmn.feel.temporal import DaysDuration, MonthsDuration
from bpmn.feel.values import Value

_MAX_SCALE, _MIN_SCALE = 6176, -6111  # table 76: the exponents of decimal128


def _rounding(mode: str) -> Callable[..., Value]:
    def rounded(runtime: Runtime, n: Decimal, scale: Decimal | None = None) -> Value:
        digits = 0 if scale is None else int(scale)
        if not _MIN_SCALE <= digits <= _MAX_SCALE:
            return None
        # A number that has no digit beyond the scale is as round as it can be.
        exponent = n.as_tuple().exponent
        if isinstance(exponent, int) and -exponent <= digits:
            return n
        result = n.quantize(Decimal(1).scaleb(-digits, context=numbers.EXACT), rounding=mode, context=numbers.EXACT)
        return numbers.finite(CONTEXT.plus(result))

    return rounded


def _abs(runtime: Runtime, n: Value) -> Value:
    if type(n) is DaysDuration:
        return DaysDuration(abs(n.nanos))
    return MonthsDuration(abs(n.months)) if type(n) is MonthsDuration else CONTEXT.abs(n)


def _modulo(runtime: Runtime, dividend: Decimal, divisor: Decimal) -> Value:
    """dividend - divisor * floor(dividend / divisor): the sign of the divisor."""
    if not divisor:
        return None
    rest = CONTEXT.remainder(dividend, divisor)
    if rest.is_nan():
        return None
    return CONTEXT.add(rest, divisor) if rest and (rest < 0) != (divisor < 0) else rest


def _sqrt(runtime: Runtime, number: Decimal) -> Value:
    return CONTEXT.sqrt(number) if number >= 0 else None


def _log(runtime: Runtime, number: Decimal) -> Value:
    return numbers.finite(CONTEXT.ln(number)) if number > 0 else None


def _exp(runtime: Runtime, number: Decimal) -> Value:
    return numbers.finite(CONTEXT.exp(number)) if abs(number) < 20_000 else None


def _odd(runtime: Runtime, number: Decimal) -> Value:
    return _even_or_odd(number, 1)


def _even(runtime: Runtime, number: Decimal) -> Value:
    return _even_or_odd(number, 0)


def _even_or_odd(number: Decimal, rest: int) -> bool | None:
    """Numbers that are no integers are neither, with null to say so."""
    if not numbers.is_integer(number):
        return None
    return abs(int(number)) % 2 == rest if number.adjusted() < 40 else rest == 0


def _rounders(name: str, mode: str, scale: str) -> Builtin:
    return Builtin(name, (signature(f"n: number, scale: number{scale}", _rounding(mode)),))


NUMBERS = (
    Builtin("decimal", (signature("n: number, scale: number", _rounding(ROUND_HALF_EVEN)),)),
    _rounders("floor", ROUND_FLOOR, "?"),
    _rounders("ceiling", ROUND_CEILING, "?"),
    _rounders("round up", ROUND_UP, ""),
    _rounders("round down", ROUND_DOWN, ""),
    _rounders("round half up", ROUND_HALF_UP, ""),
    _rounders("round half down", ROUND_HALF_DOWN, ""),
    _rounders("round half even", ROUND_HALF_EVEN, ""),
    Builtin("abs", (signature("n: number|duration", _abs),)),
    Builtin("modulo", (signature("dividend: number, divisor: number", _modulo),)),
    Builtin("sqrt", (signature("number: number", _sqrt),)),
    Builtin("log", (signature("number: number", _log),)),
    Builtin("exp", (signature("number: number", _exp),)),
    Builtin("odd", (signature("number: number", _odd),)),
    Builtin("even", (signature("number: number", _even),)),
)
