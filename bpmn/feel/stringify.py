"""string(): the FEEL text of any value (DMN 1.5, 10.3.4.1)."""

from collections.abc import Callable, Mapping
from decimal import Decimal

from bpmn.feel import numbers, temporal_text
from bpmn.feel.characters import is_name_part
from bpmn.feel.name_index import split_name
from bpmn.feel.temporal import Date, DateTime, DaysDuration, MonthsDuration, Time
from bpmn.feel.values import Function, Range, Value


def text_of(value: Value) -> str:
    """At the top a string is itself; inside lists and contexts it is quoted."""
    return value if type(value) is str else _inner(value)


def _inner(value: Value) -> str:
    return _RULES[type(value)](value)


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _key(name: str) -> str:
    plain = all(part in "./-’'+*" or is_name_part(part[0]) for part in split_name(name))
    return name if name and plain else _quoted(name)


def _range(value: Range) -> str:
    if value.sign:
        return f"{value.sign} {_inner(value.low)}"
    if not value.low_bounded:
        return f"{'<=' if value.high_included else '<'} {_inner(value.high)}"
    if not value.high_bounded:
        return f"{'>=' if value.low_included else '>'} {_inner(value.low)}"
    opening, closing = "[" if value.low_included else "(", "]" if value.high_included else ")"
    return f"{opening}{_inner(value.low)}..{_inner(value.high)}{closing}"


_RULES: Mapping[type, Callable[..., str]] = {
    type(None): lambda value: "null",
    bool: lambda value: "true" if value else "false",
    str: _quoted,
    Decimal: numbers.text_of,
    Date: temporal_text.date_text,
    Time: temporal_text.time_text,
    DateTime: temporal_text.date_time_text,
    DaysDuration: temporal_text.days_text,
    MonthsDuration: temporal_text.months_text,
    Range: _range,
    list: lambda value: "[" + ", ".join(_inner(item) for item in value) + "]",
    dict: lambda value: "{" + ", ".join(f"{_key(key)}: {_inner(item)}" for key, item in value.items()) + "}",
    Function: lambda value: "function(" + ", ".join(value.names) + ")",
}
