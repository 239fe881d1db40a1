"""The arithmetic operators by kinds of operands (DMN 1.5, 10.3.2.15, tables 55 to 62). A pair without a row is null."""

from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_EVEN, Decimal

from bpmn.feel import calendar_days, numbers
from bpmn.feel.budget import Meter
from bpmn.feel.numbers import CONTEXT, EXACT
from bpmn.feel.temporal import DAY_NANOS, Date, DateTime, DaysDuration, MonthsDuration, Time
from bpmn.feel.values import Value
from bpmn.feel.zones import offset_at, zone_or_none

Rule = Callable[[Value, Value], Value]


def _months(value: Date | DateTime, months: int) -> Value:
    date = value.date if isinstance(value, DateTime) else value
    year, month, day = calendar_days.add_months(date.year, date.month, date.day, months)
    if not calendar_days.valid(year, month, day):
        return None
    moved = Date(year, month, day)
    return DateTime(moved, _at_zone(value.time, moved)) if isinstance(value, DateTime) else moved


def _at_zone(time: Time, date: Date) -> Time:
    """A zoned time that moves to another day may get another offset."""
    zone = zone_or_none(time.zone) if time.zone else None
    if zone is None:
        return time
    return Time(time.hour, time.minute, time.second, time.nano, offset_at(zone, date, time), time.zone)


def _moment_plus(moment: DateTime, nanos: int) -> Value:
    moved = DateTime.from_nanos(moment.local_nanos() + nanos, moment.time.offset, moment.time.zone)
    return DateTime(moved.date, _at_zone(moved.time, moved.date)) if moved else None


def _date_plus(date: Date, nanos: int) -> Value:
    """The day that holds midnight UTC plus the duration (table 57)."""
    return Date.from_days(date.days() + nanos // DAY_NANOS)


def _time_plus(time: Time, nanos: int) -> Value:
    return Time.from_nanos(time.local_nanos() + nanos, time.offset, time.zone)


def _between(left: Value, right: Value) -> Value:
    """Local and zoned moments have no distance; a date is its midnight UTC."""
    one, other = _as_moment(left), _as_moment(right)
    if (one.time.offset is None) != (other.time.offset is None):
        return None
    return DaysDuration(one.utc_nanos() - other.utc_nanos())


def _as_moment(value: Date | DateTime) -> DateTime:
    return value if isinstance(value, DateTime) else DateTime(value, Time(0, 0, 0, 0, 0))


def _times_between(left: Time, right: Time) -> Value:
    if (left.offset is None) != (right.offset is None):
        return None
    return DaysDuration(left.utc_nanos() - right.utc_nanos())


def _scaled(amount: int, factor: Decimal) -> int:
    """Durations keep whole units: nanoseconds round half to even, months are cut (table 59)."""
    return int(EXACT.multiply(Decimal(amount), factor).to_integral_value(rounding=ROUND_HALF_EVEN, context=EXACT))


def _whole_months(value: Decimal) -> Value:
    return MonthsDuration(int(value))


def _divide(left: Decimal, right: Decimal) -> Value:
    return numbers.finite(CONTEXT.divide(left, right)) if right else None


def _ratio(left: int, right: int) -> Value:
    return _divide(Decimal(left), Decimal(right)) if right else None


def _power(left: Decimal, right: Decimal) -> Value:
    if not left and not right:
        return numbers.ONE
    return numbers.finite(CONTEXT.power(left, right))


_ADD: Mapping[tuple[type, type], Rule] = {
    (Decimal, Decimal): lambda a, b: numbers.finite(CONTEXT.add(a, b)),
    (str, str): lambda a, b: a + b,
    (DaysDuration, DaysDuration): lambda a, b: DaysDuration(a.nanos + b.nanos),
    (MonthsDuration, MonthsDuration): lambda a, b: MonthsDuration(a.months + b.months),
    (Date, MonthsDuration): lambda a, b: _months(a, b.months),
    (MonthsDuration, Date): lambda a, b: _months(b, a.months),
    (DateTime, MonthsDuration): lambda a, b: _months(a, b.months),
    (MonthsDuration, DateTime): lambda a, b: _months(b, a.months),
    (Date, DaysDuration): lambda a, b: _date_plus(a, b.nanos),
    (DaysDuration, Date): lambda a, b: _date_plus(b, a.nanos),
    (DateTime, DaysDuration): lambda a, b: _moment_plus(a, b.nanos),
    (DaysDuration, DateTime): lambda a, b: _moment_plus(b, a.nanos),
    (Time, DaysDuration): lambda a, b: _time_plus(a, b.nanos),
    (DaysDuration, Time): lambda a, b: _time_plus(b, a.nanos),
}
_SUBTRACT: Mapping[tuple[type, type], Rule] = {
    (Decimal, Decimal): lambda a, b: numbers.finite(CONTEXT.subtract(a, b)),
    (DaysDuration, DaysDuration): lambda a, b: DaysDuration(a.nanos - b.nanos),
    (MonthsDuration, MonthsDuration): lambda a, b: MonthsDuration(a.months - b.months),
    (Date, MonthsDuration): lambda a, b: _months(a, -b.months),
    (DateTime, MonthsDuration): lambda a, b: _months(a, -b.months),
    (Date, DaysDuration): lambda a, b: _date_plus(a, -b.nanos),
    (DateTime, DaysDuration): lambda a, b: _moment_plus(a, -b.nanos),
    (Time, DaysDuration): lambda a, b: _time_plus(a, -b.nanos),
    (Date, Date): _between,
    (DateTime, DateTime): _between,
    (Date, DateTime): _between,
    (DateTime, Date): _between,
    (Time, Time): _times_between,
}
_MULTIPLY: Mapping[tuple[type, type], Rule] = {
    (Decimal, Decimal): lambda a, b: numbers.finite(CONTEXT.multiply(a, b)),
    (DaysDuration, Decimal): lambda a, b: DaysDuration(_scaled(a.nanos, b)),
    (Decimal, DaysDuration): lambda a, b: DaysDuration(_scaled(b.nanos, a)),
    (MonthsDuration, Decimal): lambda a, b: _whole_months(EXACT.multiply(Decimal(a.months), b)),
    (Decimal, MonthsDuration): lambda a, b: _whole_months(EXACT.multiply(Decimal(b.months), a)),
}
_DIVIDE: Mapping[tuple[type, type], Rule] = {
    (Decimal, Decimal): _divide,
    (DaysDuration, Decimal): lambda a, b: DaysDuration(_scaled(a.nanos, EXACT.divide(numbers.ONE, b))) if b else None,
    (MonthsDuration, Decimal): lambda a, b: _whole_months(EXACT.divide(Decimal(a.months), b)) if b else None,
    (DaysDuration, DaysDuration): lambda a, b: _ratio(a.nanos, b.nanos),
    (MonthsDuration, MonthsDuration): lambda a, b: _ratio(a.months, b.months),
}
OPERATORS: Mapping[str, Mapping[tuple[type, type], Rule]] = {
    "+": _ADD, "-": _SUBTRACT, "*": _MULTIPLY, "/": _DIVIDE, "**": {(Decimal, Decimal): _power},
}
# Larger durations have no use and would let integers grow without end.
_MAX_NANOS = 10**29
_MAX_MONTHS = 10**11


def bounded(value: Value, meter: Meter) -> Value:
    """Checks what may grow: strings against the budget, durations against their range."""
    kind = type(value)
    if kind is str:
        meter.size(len(value))
        meter.step(len(value) // 64)
    elif kind is DaysDuration:
        return value if abs(value.nanos) < _MAX_NANOS else None
    elif kind is MonthsDuration:
        return value if abs(value.months) < _MAX_MONTHS else None
    return value


def negate(value: Value) -> Value:
    kind = type(value)
    if kind is Decimal:
        return CONTEXT.minus(value)
    if kind is DaysDuration:
        return DaysDuration(-value.nanos)
    if kind is MonthsDuration:
        return MonthsDuration(-value.months)
    return None


__all__ = ["OPERATORS", "bounded", "negate"]
