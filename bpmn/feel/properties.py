"""What a path reads: entries of contexts and the properties of temporal values and ranges (tables 64 to 66)."""

from collections.abc import Callable, Mapping
from decimal import Decimal

from bpmn.feel import calendar_days
from bpmn.feel.runtime import Runtime
from bpmn.feel.temporal import DAY_NANOS, NANOS, Date, DateTime, DaysDuration, MonthsDuration, Time
from bpmn.feel.values import Range, Value, kind_of

Getter = Callable[[Value], Value]


def _toward_zero(amount: int, unit: int) -> int:
    return amount // unit if amount >= 0 else -(-amount // unit)


def _rest(amount: int, unit: int) -> int:
    return amount % unit if amount >= 0 else -(-amount % unit)


def _weekday(date: Date) -> Decimal:
    return Decimal(calendar_days.weekday(date.year, date.month, date.day))


def _seconds(time: Time) -> Decimal:
    return Decimal(time.second)


def _offset(time: Time) -> Value:
    return None if time.offset is None else DaysDuration(time.offset * NANOS)


_DATE: Mapping[str, Getter] = {
    "year": lambda date: Decimal(date.year),
    "month": lambda date: Decimal(date.month),
    "day": lambda date: Decimal(date.day),
    "weekday": _weekday,
}
_TIME: Mapping[str, Getter] = {
    "hour": lambda time: Decimal(time.hour),
    "minute": lambda time: Decimal(time.minute),
    "second": _seconds,
    "time offset": _offset,
    "timezone": lambda time: time.zone,
}


def _of_date(get: Getter) -> Getter:
    return lambda moment: get(moment.date)


def _of_time(get: Getter) -> Getter:
    return lambda moment: get(moment.time)


_GETTERS: Mapping[type, Mapping[str, Getter]] = {
    Date: _DATE,
    Time: _TIME,
    DateTime: {
        **{name: _of_date(get) for name, get in _DATE.items()},
        **{name: _of_time(get) for name, get in _TIME.items()},
    },
    DaysDuration: {
        "days": lambda duration: Decimal(_toward_zero(duration.nanos, DAY_NANOS)),
        "hours": lambda duration: Decimal(_toward_zero(_rest(duration.nanos, DAY_NANOS), 3600 * NANOS)),
        "minutes": lambda duration: Decimal(_toward_zero(_rest(duration.nanos, 3600 * NANOS), 60 * NANOS)),
        "seconds": lambda duration: Decimal(_toward_zero(_rest(duration.nanos, 60 * NANOS), NANOS)),
    },
    MonthsDuration: {
        "years": lambda duration: Decimal(_toward_zero(duration.months, 12)),
        "months": lambda duration: Decimal(_rest(duration.months, 12)),
    },
    Range: {
        "start": lambda interval: interval.low,
        "end": lambda interval: interval.high,
        "start included": lambda interval: interval.low_included,
        "end included": lambda interval: interval.high_included,
    },
}


def member(value: Value, name: str, runtime: Runtime) -> Value:
    kind = type(value)
    if kind is dict:
        if name in value:
            return value[name]
        runtime.warn(f"The context has no entry '{name}'.")
        return None
    if kind is list:
        runtime.meter.step(len(value))
        return [member(item, name, runtime) for item in value]
    getter = _GETTERS.get(kind, {}).get(name)
    if getter is None:
        runtime.warn(f"A {kind_of(value)} has no property '{name}'.")
        return None
    return getter(value)


def descend(value: Value, name: str, runtime: Runtime) -> list[Value]:
    """All entries of the name at any depth, in document order; entries that are null are left out."""
    found: list[Value] = []
    pending: list[tuple[Value, bool]] = [(value, False)]  # and whether it is such an entry
    while pending:
        runtime.meter.step()
        current, hit = pending.pop()
        if hit:
            found.extend(item for item in (current if type(current) is list else [current]) if item is not None)
        elif type(current) is list:
            runtime.meter.step(len(current))
            pending.extend((item, False) for item in reversed(current))
        elif type(current) is dict:
            runtime.meter.step(len(current))
            pending.extend((item, key == name) for key, item in reversed(current.items()))
    return found
