"""Lexical forms of temporal values (DMN 1.5, 10.3.2.3.4 ff., which name XML Schema and the FEEL zone extension)."""

import re

from bpmn.feel import calendar_days
from bpmn.feel.temporal import DAY_NANOS, NANOS, Date, DateTime, DaysDuration, MonthsDuration, Time
from bpmn.feel.zones import zoned_time

# Fixed and without nested repetition, so linear; patterns written by users never reach `re`.
_DATE = re.compile(r"(-?(?:[1-9][0-9]{4,8}|[0-9]{4}))-([0-9]{2})-([0-9]{2})")
_TIME = re.compile(
    r"([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]+))?"
    r"(?:([Zz])|([+-])([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?|@([A-Za-z0-9_+\-/]+))?"
)
_DURATION = re.compile(
    r"(-)?P(?:([0-9]+)Y)?(?:([0-9]+)M)?(?:([0-9]+)D)?"
    r"(T(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+)(?:\.([0-9]*))?S)?)?"
)
_MAX_OFFSET = 18 * 3600  # what the implementations of the standard accept
_MAX_DIGITS = 18


def parse_date(text: str) -> Date | None:
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    year, month, day = (int(part) for part in match.groups())
    return Date(year, month, day) if calendar_days.valid(year, month, day) else None


def parse_time(text: str, date: Date | None = None) -> Time | None:
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    hour, minute, second = (int(part) for part in match.group(1, 2, 3))
    nano = int((match[4] or "0")[:9].ljust(9, "0"))
    if minute > 59 or second > 59 or hour > 23:
        return None
    offset: int | None = None
    if match[5]:
        offset = 0
    elif match[6]:
        hours, minutes, seconds = int(match[7]), int(match[8]), int(match[9] or 0)
        offset = (hours * 60 + minutes) * 60 + seconds
        if offset > _MAX_OFFSET or minutes > 59 or seconds > 59:
            return None
        offset = -offset if match[6] == "-" else offset
    time = Time(hour, minute, second, nano, offset)
    if match[10]:
        return zoned_time(time, match[10], date)
    return time


def parse_date_time(text: str) -> DateTime | None:
    """A date alone means its midnight, without a zone."""
    day_text, separator, time_text = text.partition("T")
    date = parse_date(day_text)
    if date is None:
        return None
    if not separator:
        return DateTime(date, Time(0, 0, 0))
    if time_text.startswith("24:00:00"):  # XML Schema: the first instant of the next day
        midnight = parse_time("00" + time_text[2:], date)
        next_day = Date.from_days(date.days() + 1)
        return DateTime(next_day, midnight) if midnight and next_day and midnight.nano == 0 else None
    time = parse_time(time_text, date)
    return DateTime(date, time) if time else None


def parse_duration(text: str) -> DaysDuration | MonthsDuration | None:
    match = _DURATION.fullmatch(text)
    if match is None or text.endswith(("P", "T")):
        return None
    sign = -1 if match[1] else 1
    if any(part and len(part) > _MAX_DIGITS for part in match.group(2, 3, 4, 6, 7, 8)):
        return None
    years, months, days, hours, minutes, seconds = (int(part or 0) for part in match.group(2, 3, 4, 6, 7, 8))
    if match[2] or match[3]:
        if match[4] or match[5]:
            return None
        return MonthsDuration(sign * (years * 12 + months))
    nano = int((match[9] or "0")[:9].ljust(9, "0"))
    return DaysDuration(sign * (days * DAY_NANOS + ((hours * 60 + minutes) * 60 + seconds) * NANOS + nano))


def parse_any(text: str) -> Date | Time | DateTime | DaysDuration | MonthsDuration | None:
    """The value of an at-literal."""
    if text.startswith(("P", "-P")):
        return parse_duration(text)
    return parse_date(text) or (parse_date_time(text) if "T" in text else parse_time(text))


def date_text(date: Date) -> str:
    sign = "-" if date.year < 0 else ""
    return f"{sign}{abs(date.year):04}-{date.month:02}-{date.day:02}"


def time_text(time: Time) -> str:
    text = f"{time.hour:02}:{time.minute:02}:{time.second:02}{_fraction(time.nano)}"
    if time.zone is not None:
        return f"{text}@{time.zone}"
    return text if time.offset is None else text + _offset_text(time.offset)


def date_time_text(moment: DateTime) -> str:
    return f"{date_text(moment.date)}T{time_text(moment.time)}"


def months_text(duration: MonthsDuration) -> str:
    years, months = divmod(abs(duration.months), 12)
    sign = "-" if duration.months < 0 else ""
    return f"{sign}P{f'{years}Y' if years else ''}{f'{months}M' if months or not years else ''}"


def days_text(duration: DaysDuration) -> str:
    if duration.nanos == 0:
        return "PT0S"
    days, rest = divmod(abs(duration.nanos), DAY_NANOS)
    seconds, nano = divmod(rest, NANOS)
    hours, minutes, seconds = seconds // 3600, seconds // 60 % 60, seconds % 60
    time = "".join((
        f"{hours}H" if hours else "",
        f"{minutes}M" if minutes else "",
        f"{seconds}{_fraction(nano)}S" if seconds or nano else "",
    ))
    return f"{'-' if duration.nanos < 0 else ''}P{f'{days}D' if days else ''}{'T' + time if time else ''}"


def _fraction(nano: int) -> str:
    return f".{nano:09}".rstrip("0") if nano else ""


def _offset_text(offset: int) -> str:
    if offset == 0:
        return "Z"
    minutes, seconds = divmod(abs(offset), 60)
    text = f"{'-' if offset < 0 else '+'}{minutes // 60:02}:{minutes % 60:02}"
    return f"{text}:{seconds:02}" if seconds else text
