"""Temporal constructors and functions (DMN 1.5, 10.3.4.1, 10.3.4.7, 10.3.4.11 ff.)."""

from dataclasses import replace
from decimal import Decimal

from bpmn.feel import calendar_days, numbers
from bpmn.feel.numbers import EXACT
from bpmn.feel.runtime import Runtime
from bpmn.feel.signature import Builtin, signature
from bpmn.feel.temporal import NANOS, Date, DateTime, DaysDuration, MonthsDuration, Time
from bpmn.feel.temporal_text import parse_date, parse_date_time, parse_duration, parse_time
from bpmn.feel.values import Value
from bpmn.feel.zones import from_instant, offset_at, zone_or_none, zoned_time

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December")
_MAX_OFFSET = 18 * 3600


def _date(runtime: Runtime, value: Value) -> Value:
    if type(value) is str:
        return parse_date(value)
    return value.date if type(value) is DateTime else value


def _date_of_parts(runtime: Runtime, year: Decimal, month: Decimal, day: Decimal) -> Value:
    parts = [numbers.to_int(part) for part in (year, month, day)]
    if any(part is None for part in parts):
        return None
    y, m, d = (part or 0 for part in parts)
    return Date(y, m, d) if calendar_days.valid(y, m, d) else None


def _time(runtime: Runtime, value: Value) -> Value:
    if type(value) is str:
        return parse_time(value)
    if type(value) is Date:  # midnight UTC
        return Time(0, 0, 0, 0, 0)
    return value.time if type(value) is DateTime else value


def _time_of_parts(
    runtime: Runtime, hour: Decimal, minute: Decimal, second: Decimal, offset: DaysDuration | None = None
) -> Value:
    h, m = numbers.to_int(hour), numbers.to_int(minute)
    if h is None or m is None or not (0 <= h <= 23 and 0 <= m <= 59 and 0 <= second < 60):
        return None
    nanos = int(EXACT.multiply(second, Decimal(NANOS)))
    seconds = None
    if offset is not None:
        seconds = offset.nanos // NANOS
        if abs(seconds) > _MAX_OFFSET:
            return None
    return Time(h, m, nanos // NANOS, nanos % NANOS, seconds)


def _date_and_time(runtime: Runtime, value: Value) -> Value:
    if type(value) is str:
        return parse_date_time(value)
    return DateTime(value, Time(0, 0, 0, 0, 0)) if type(value) is Date else value


def _joined(runtime: Runtime, date: Date | DateTime, time: Time) -> Value:
    day = date.date if isinstance(date, DateTime) else date
    fitted = zoned_time(time, time.zone, day) if time.zone else time
    return DateTime(day, fitted) if fitted else None


def _at_zone(runtime: Runtime, date: DateTime, timezone: str) -> Value:
    """Camunda: the same instant as read elsewhere; a local moment is one of the process zone."""
    moment = date
    if moment.time.offset is None:
        offset = offset_at(runtime.zone, date.date, date.time)
        moment = DateTime(date.date, replace(date.time, offset=offset))
    if zone_or_none(timezone) is not None:
        return from_instant(moment.utc_nanos(), timezone)
    read = parse_time(f"00:00:00{timezone}")
    if read is None or read.offset is None or read.zone is not None:
        return None
    return DateTime.from_nanos(moment.utc_nanos() + read.offset * NANOS, read.offset)


def _duration(runtime: Runtime, value: Value) -> Value:
    return parse_duration(value) if type(value) is str else value


def _months_between(runtime: Runtime, start: Date | DateTime, end: Date | DateTime) -> Value:
    """Whole months, cut towards zero."""
    one = start.date if isinstance(start, DateTime) else start
    other = end.date if isinstance(end, DateTime) else end
    months = (other.year - one.year) * 12 + other.month - one.month
    if months > 0 and other.day < one.day:
        months -= 1
    elif months < 0 and other.day > one.day:
        months += 1
    return MonthsDuration(months)


def _now(runtime: Runtime) -> Value:
    return runtime.now()


def _today(runtime: Runtime) -> Value:
    return runtime.now().date


def _day(value: Value) -> Date:
    return value.date if isinstance(value, DateTime) else value


def _day_of_year(runtime: Runtime, value: Value) -> Value:
    day = _day(value)
    return Decimal(calendar_days.day_of_year(day.year, day.month, day.day))


def _day_of_week(runtime: Runtime, value: Value) -> Value:
    day = _day(value)
    return _DAYS[calendar_days.weekday(day.year, day.month, day.day) - 1]


def _month_of_year(runtime: Runtime, value: Value) -> Value:
    return _MONTHS[_day(value).month - 1]


def _week_of_year(runtime: Runtime, value: Value) -> Value:
    day = _day(value)
    return Decimal(calendar_days.iso_week(day.year, day.month, day.day))


TEMPORAL = (
    Builtin("date", (
        signature("from: string|date|datetime", _date),
        signature("year: number, month: number, day: number", _date_of_parts),
    )),
    Builtin("time", (
        signature("from: string|time|date|datetime", _time),
        signature("hour: number, minute: number, second: number, offset: days?!", _time_of_parts),
    )),
    Builtin("date and time", (
        signature("from: string|date|datetime", _date_and_time),
        signature("date: date|datetime, time: time", _joined),
        signature("date: datetime, timezone: string", _at_zone),
    )),
    Builtin("duration", (signature("from: string|duration", _duration),)),
    Builtin("years and months duration", (signature("from: temporal, to: temporal", _months_between),)),
    Builtin("now", (signature("", _now),)),
    Builtin("today", (signature("", _today),)),
    Builtin("day of year", (signature("date: temporal", _day_of_year),)),
    Builtin("day of week", (signature("date: temporal", _day_of_week),)),
    Builtin("month of year", (signature("date: temporal", _month_of_year),)),
    Builtin("week of year", (signature("date: temporal", _week_of_year),)),
)
