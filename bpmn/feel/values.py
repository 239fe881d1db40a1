"""The value mapping of FEEL in Python.

| FEEL | Python |
|---|---|
| null | None |
| boolean, string | bool, str |
| number | decimal.Decimal (34 digits); int and float are converted on entry |
| date, time, date and time | temporal.Date, temporal.Time, temporal.DateTime; datetime objects are converted on entry |
| days and time duration, years and months duration | temporal.DaysDuration, temporal.MonthsDuration |
| range | values.Range |
| list | list (a tuple is taken on entry) |
| context | dict with str keys |
| function | values.Function |
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeAlias

from bpmn.feel.temporal import Date, DateTime, DaysDuration, MonthsDuration, Time

# FEEL is dynamically typed: a recursive union would force a cast at each use without catching a mistake.
Value: TypeAlias = Any


@dataclass(frozen=True, slots=True)
class Range:
    """An interval (10.3.2.7). `low_bounded` and `high_bounded` tell a missing end from an end that is null;
    `sign` is '=' or '!=' for the unary forms, which equal no interval."""

    low: Value
    high: Value
    low_included: bool = True
    high_included: bool = True
    low_bounded: bool = True
    high_bounded: bool = True
    sign: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A user-defined or built-in function as a value. `call` takes (runtime, positional values)."""

    names: tuple[str, ...]
    call: Callable[..., Value]
    types: tuple[Any, ...] = ()
    result: Any = None
    height: int = 1
    builtin: Any = field(default=None)


_KINDS: Mapping[type, str] = {
    type(None): "null",
    bool: "boolean",
    Decimal: "number",
    str: "string",
    Date: "date",
    Time: "time",
    DateTime: "date and time",
    DaysDuration: "days and time duration",
    MonthsDuration: "years and months duration",
    Range: "range",
    list: "list",
    tuple: "list",
    dict: "context",
    Function: "function",
}


def kind_of(value: Value) -> str:
    """The FEEL name of the value's kind."""
    return _KINDS.get(type(value), "unknown")
