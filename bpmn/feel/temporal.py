"""FEEL's temporal values (DMN 1.5, 10.3.2.3.4 to 10.3.2.3.9). Own types, since years, nanoseconds, zone ids and
year-month durations do not fit those of the standard library."""

from dataclasses import dataclass

from bpmn.feel import calendar_days

NANOS = 1_000_000_000
DAY_NANOS = 86_400 * NANOS


@dataclass(frozen=True, slots=True)
class Date:
    year: int
    month: int
    day: int

    def days(self) -> int:
        return calendar_days.to_days(self.year, self.month, self.day)

    @staticmethod
    def from_days(days: int) -> "Date | None":
        year, month, day = calendar_days.from_days(days)
        return Date(year, month, day) if calendar_days.MIN_YEAR <= year <= calendar_days.MAX_YEAR else None


@dataclass(frozen=True, slots=True)
class Time:
    """`offset` in seconds east of UTC; `zone` is an IANA id. A local time has neither. `offset` of a zoned time is
    the zone's offset at the date it stands with (a bare time: its standard offset)."""

    hour: int
    minute: int
    second: int
    nano: int = 0
    offset: int | None = None
    zone: str | None = None

    def local_nanos(self) -> int:
        return ((self.hour * 60 + self.minute) * 60 + self.second) * NANOS + self.nano

    def utc_nanos(self) -> int:
        return self.local_nanos() - (self.offset or 0) * NANOS

    @staticmethod
    def from_nanos(nanos: int, offset: int | None = None, zone: str | None = None) -> "Time":
        seconds, nano = divmod(nanos % DAY_NANOS, NANOS)
        return Time(seconds // 3600, seconds // 60 % 60, seconds % 60, nano, offset, zone)


@dataclass(frozen=True, slots=True)
class DateTime:
    date: Date
    time: Time

    def local_nanos(self) -> int:
        return self.date.days() * DAY_NANOS + self.time.local_nanos()

    def utc_nanos(self) -> int:
        return self.date.days() * DAY_NANOS + self.time.utc_nanos()

    @staticmethod
    def from_nanos(nanos: int, offset: int | None = None, zone: str | None = None) -> "DateTime | None":
        days, rest = divmod(nanos, DAY_NANOS)
        date = Date.from_days(days)
        return DateTime(date, Time.from_nanos(rest, offset, zone)) if date else None


@dataclass(frozen=True, slots=True)
class DaysDuration:
    """days and time duration"""

    nanos: int


@dataclass(frozen=True, slots=True)
class MonthsDuration:
    """years and months duration"""

    months: int
