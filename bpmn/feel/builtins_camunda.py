"""What Camunda's FEEL adds to the standard and its models use. `uuid` and `random number` stay refused (parser.py)."""

import base64
import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from bpmn.feel import calendar_days, numbers
from bpmn.feel.compare import same
from bpmn.feel.errors import FeelAssertionFailed
from bpmn.feel.intake import to_feel
from bpmn.feel.json_values import to_json
from bpmn.feel.runtime import Runtime
from bpmn.feel.signature import Builtin, signature
from bpmn.feel.temporal import Date, DateTime
from bpmn.feel.values import Value

_MAX_JSON_NESTING = 100


def _is_defined(runtime: Runtime, value: Value) -> Value:
    return value is not None


def _get_or_else(runtime: Runtime, value: Value, default: Value) -> Value:
    return default if value is None else value


def _assert(runtime: Runtime, value: Value, condition: Value, cause: str | None = None) -> Value:
    """The one function that stops an evaluation: an author writes it where going on with null would be wrong."""
    if condition is not True:
        raise FeelAssertionFailed(cause or "")
    return value


def _duplicate_values(runtime: Runtime, items: Sequence[Value]) -> Value:
    """Each value that occurs more than once, in the order of its second occurrence."""
    runtime.meter.measure(items)
    kept: list[Value] = []
    twice: list[Value] = []
    for item in items:
        runtime.meter.step(len(kept) + len(twice) + 1)
        if not any(same(item, other) for other in kept):
            kept.append(item)
        elif not any(same(item, other) for other in twice):
            twice.append(item)
    return twice


def _last_day_of_month(runtime: Runtime, value: Date | DateTime) -> Value:
    day = value.date if isinstance(value, DateTime) else value
    last = next(day_ for day_ in (31, 30, 29, 28) if calendar_days.valid(day.year, day.month, day_))
    return Date(day.year, day.month, last)


def _is_blank(runtime: Runtime, string: str) -> Value:
    return not string.strip()


def _to_base64(runtime: Runtime, value: str) -> Value:
    runtime.meter.size(len(value) * 4)
    return base64.b64encode(value.encode("utf-8", "replace")).decode("ascii")


def _to_json(runtime: Runtime, value: Value) -> Value:
    runtime.meter.written(value)
    text = json.dumps(to_json(value), ensure_ascii=False, separators=(",", ":"))
    runtime.meter.size(len(text))
    runtime.meter.step(len(text) // 16)
    return text


def _from_json(runtime: Runtime, value: str) -> Value:
    """Numbers are read digit by digit, never through binary fractions. Text that is no JSON gives null."""
    runtime.meter.step(len(value) // 16)
    if _nesting(value) > _MAX_JSON_NESTING:
        return None
    try:
        made: Any = json.loads(value, parse_float=_number, parse_int=_number, parse_constant=lambda name: None)
    except ValueError:
        return None
    return to_feel(made, runtime.meter)


def _number(text: str) -> Decimal | None:
    return numbers.from_text(text)


def _nesting(text: str) -> int:
    """An upper bound (brackets inside strings count too), so that the reader of JSON never gets deep."""
    deepest = level = 0
    for character in text:
        if character in "[{":
            level += 1
            deepest = max(deepest, level)
        elif character in "]}":
            level -= 1
    return deepest


CAMUNDA = (
    Builtin("is defined", (signature("value: any", _is_defined),)),
    Builtin("get or else", (signature("value: any, default: any", _get_or_else),)),
    Builtin("assert", (
        signature("value: any, condition: any", _assert),
        signature("value: any, condition: any, cause: string", _assert),
    )),
    Builtin("duplicate values", (signature("list: list", _duplicate_values),)),
    Builtin("last day of month", (signature("date: temporal", _last_day_of_month),)),
    Builtin("is blank", (signature("string: string", _is_blank),)),
    Builtin("to base64", (signature("value: string", _to_base64),)),
    Builtin("to json", (signature("value: any", _to_json),)),
    Builtin("from json", (signature("value: string", _from_json),)),
)
