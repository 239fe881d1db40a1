"""FEEL values as JSON-able process variables and back.

A number becomes an int when it is integral, else a float when that float's shortest text is the same number, else a
string of its digits, so that no digit is lost silently. Temporal values and ranges become their FEEL text; a function
has no JSON form and becomes null. `from_json` does not guess: strings stay strings."""

from decimal import Decimal
from typing import Any, TypeAlias

from bpmn.feel import numbers
from bpmn.feel.budget import DEFAULT, Meter
from bpmn.feel.intake import to_feel
from bpmn.feel.stringify import text_of
from bpmn.feel.values import Function, Value

Json: TypeAlias = Any
_MAX_INTEGER_DIGITS = 40


def to_json(value: Value) -> Json:
    kind = type(value)
    if value is None or kind is bool or kind is str:
        return value
    if kind is Decimal:
        return _number(value)
    if kind is list:
        return [to_json(item) for item in value]
    if kind is dict:
        return {key: to_json(item) for key, item in value.items()}
    return None if kind is Function else text_of(value)


def _number(value: Decimal) -> int | float | str:
    if value.adjusted() < _MAX_INTEGER_DIGITS and numbers.is_integer(value):
        return int(value)
    as_float = float(value)
    return as_float if numbers.from_float(as_float) == value else str(value)


def from_json(value: Json) -> Value:
    return to_feel(value, Meter(DEFAULT))
