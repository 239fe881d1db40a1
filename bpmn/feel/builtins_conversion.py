"""Conversion functions of numbers, strings and ranges (DMN 1.5, 10.3.4.1)."""

import re

from bpmn.feel import numbers
from bpmn.feel.range_text import parse_range
from bpmn.feel.runtime import Runtime
from bpmn.feel.signature import Builtin, signature
from bpmn.feel.stringify import text_of
from bpmn.feel.values import Value

_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,5})?")
_GROUPING, _DECIMAL = (" ", ",", ".", None), (".", ",", None)


def _number(runtime: Runtime, text: Value, grouping: str | None = None, decimal: str | None = None) -> Value:
    if type(text) is not str:
        return text
    if grouping not in _GROUPING or decimal not in _DECIMAL or (grouping is not None and grouping == decimal):
        return None
    if grouping is not None:
        text = text.replace(grouping, "")
    if decimal is not None:
        text = text.replace(decimal, ".")
    return numbers.from_text(text) if _NUMBER.fullmatch(text) else None


def _string(runtime: Runtime, value: Value) -> Value:
    if value is None:
        return None
    runtime.meter.written(value)
    text = text_of(value)
    runtime.meter.size(len(text))
    runtime.meter.step(len(text) // 16)
    return text


def _range(runtime: Runtime, text: str) -> Value:
    return parse_range(text, runtime)


CONVERSIONS = (
    Builtin("number", (
        signature("from: string|number", _number),
        signature("from: string, grouping separator: string!, decimal separator: string!", _number),
    )),
    Builtin("string", (signature("from: any", _string),)),
    Builtin("range", (signature("from: string", _range),)),
)
