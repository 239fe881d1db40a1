"""Values of the model at run time. An expression that cannot be evaluated is a ``Failure``, so an incident."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from bpmn.elements.expression import Value
from bpmn.errors import Failure
from bpmn.feel import api as feel
from bpmn.feel.errors import FeelError, told
from bpmn.instance.token import Token
from bpmn.run.functions import FUNCTIONS
from bpmn.run.run import Run
from bpmn.run.variables import visible
from bpmn.values import Json


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def zone_of(run: Run, scope_key: int) -> ZoneInfo:
    scope = run.scopes[scope_key]
    return _zone(run.graphs[scope.graph].processes[scope.process].zone)


def result(run: Run, value: Value, context: Mapping[str, Any], scope_key: int) -> tuple[Any, tuple[str, ...]]:
    """The FEEL value itself (not JSON) and the warnings that tell why a null is null."""
    if value.expression is None:
        return value.text, ()
    try:
        found = feel.evaluate(value.expression, context, now=run.now, zone=zone_of(run, scope_key), functions=FUNCTIONS)
    except (FeelError, ArithmeticError, RecursionError) as error:
        raise Failure("expression", f"{value.text} cannot be evaluated: {told(error, value.text)}") from error
    return found.value, found.warnings


def json(run: Run, value: Value, context: Mapping[str, Any], scope_key: int) -> Json:
    return as_json(result(run, value, context, scope_key)[0])


def as_json(value: Any) -> Json:
    """As a process variable: whole numbers are int, other numbers stay Decimal, temporal values are their text."""
    kind = type(value)
    if value is None or kind is bool or kind is str:
        return value  # type: ignore[no-any-return]
    if kind is Decimal:
        return int(value) if value.is_finite() and value == value.to_integral_value() else value
    if kind is list:
        return [as_json(item) for item in value]
    if kind is dict:
        return {key: as_json(item) for key, item in value.items()}
    return feel.to_json(value)  # type: ignore[no-any-return]


_KINDS = (
    (type(None), "null"), (bool, "true or false"), (str, "a text"), (list, "a list"), (dict, "a context"),
)  # fmt: skip


def kind(value: Json) -> str:
    """What a value is, for a message: the value itself may say something of a person."""
    if value == "":
        return "an empty text"
    return next((name for type_, name in _KINDS if isinstance(value, type_)), "a number")


def json_at(run: Run, value: Value, token: Token) -> Json:
    return json(run, value, visible(run, token), token.scope)


def condition(run: Run, value: Value, context: Mapping[str, Any], scope_key: int) -> bool:
    """True or false; anything else is a mistake that must not silently choose a way."""
    found, warnings = result(run, value, context, scope_key)
    if found is True or found is False:
        return bool(found)
    why = f" ({'; '.join(warnings)})" if warnings else ""
    raise Failure("condition-type", f"{value.text} is {kind(as_json(found))}, not true or false{why}.")


def text(run: Run, value: Value, context: Mapping[str, Any], scope_key: int, what: str) -> str:
    """A non-empty text; whole numbers are written as such, since keys are often numbers."""
    found = json(run, value, context, scope_key)
    if isinstance(found, bool) or found is None or isinstance(found, (list, dict)) or found == "":
        raise Failure("expression-type", f"{what} {value.text} is {kind(found)}, not a text or number.")
    return plain(found)


def plain(value: Json) -> str:
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return str(value)


def integer(run: Run, value: Value, context: Mapping[str, Any], scope_key: int, what: str) -> int:
    found = json(run, value, context, scope_key)
    if isinstance(found, str) and found.lstrip("-").isascii() and found.lstrip("-").isdigit():
        found = int(found)
    if isinstance(found, Decimal) and found == found.to_integral_value():
        found = int(found)
    if isinstance(found, bool) or not isinstance(found, int):
        raise Failure("expression-type", f"{what} {value.text} is {kind(found)}, not a whole number.")
    return found


def names(run: Run, value: Value | None, token: Token, what: str) -> tuple[str, ...]:
    """A list of names: a FEEL list, or a text with commas or spaces between them."""
    if value is None:
        return ()
    found = json_at(run, value, token)
    if found is None:
        return ()
    if isinstance(found, list):
        return tuple(plain(item) for item in found if item is not None and item != "")
    if isinstance(found, (dict, bool)):
        raise Failure("expression-type", f"{what} {value.text} is {kind(found)}, not a list of names.")
    return tuple(part for part in plain(found).replace(",", " ").split() if part)


def instant(value: datetime) -> str:
    return value.isoformat()
