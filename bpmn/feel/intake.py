"""Python values of the caller to FEEL values, on first use of each variable."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from bpmn.feel import numbers
from bpmn.feel.budget import Meter
from bpmn.feel.temporal import Date, DateTime, DaysDuration, MonthsDuration, Time
from bpmn.feel.values import Function, Range, Value
from bpmn.feel.zones import from_datetime

_READY = frozenset((str, bool, type(None), Date, Time, DateTime, DaysDuration, MonthsDuration, Range, Function))
_MAX_NESTING = 200


def to_feel(value: object, meter: Meter, nesting: int = 0) -> Value:
    """What FEEL has no kind for becomes null, like any other foreign value (10.3.2.1)."""
    kind = type(value)
    if kind in _READY:
        return value
    if kind is Decimal:
        return numbers.finite(value)  # type: ignore[arg-type]
    if isinstance(value, int):
        return numbers.from_int(value)
    if isinstance(value, float):
        return numbers.from_float(value)
    if nesting > _MAX_NESTING:
        meter.enter(meter.budget.depth + 1)
    if isinstance(value, (list, tuple)):
        meter.length(len(value))
        meter.step(len(value))
        return [to_feel(item, meter, nesting + 1) for item in value]
    if isinstance(value, Mapping):
        meter.step(len(value))
        return {str(key): to_feel(item, meter, nesting + 1) for key, item in value.items()}
    return _from_datetime_module(value)


def _from_datetime_module(value: object) -> Value:
    if isinstance(value, datetime):
        return from_datetime(value)
    if isinstance(value, date):
        return Date(value.year, value.month, value.day)
    if isinstance(value, time):
        offset = value.utcoffset()
        seconds = None if offset is None else int(offset.total_seconds())
        return Time(value.hour, value.minute, value.second, value.microsecond * 1000, seconds)
    if isinstance(value, timedelta):
        microseconds = (value.days * 86_400 + value.seconds) * 1_000_000 + value.microseconds
        return DaysDuration(microseconds * 1000)
    return None
