"""ISO 8601 durations, added to an instant as people read a calendar."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

_PATTERN = re.compile(
    r"(?P<sign>-)?P(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Duration:
    """Months and days move the wall clock of the process zone; hours, minutes and seconds are exact."""

    months: int
    days: int
    time: timedelta

    @property
    def empty(self) -> bool:
        return not (self.months or self.days or self.time)


def parse_duration(text: str) -> Duration | None:
    found = _PATTERN.fullmatch(text.strip())
    if found is None or not any(found[name] for name in _UNITS):
        return None
    number = {name: Decimal(found[name] or 0) for name in _UNITS}
    if any(value > 10_000_000_000 for value in number.values()):
        return None
    sign = -1 if found["sign"] else 1
    seconds = number["hours"] * 3600 + number["minutes"] * 60 + number["seconds"]
    return Duration(
        sign * int(number["years"] * 12 + number["months"]),
        sign * int(number["weeks"] * 7 + number["days"]),
        sign * timedelta(microseconds=int(seconds * 1_000_000)),
    )


_UNITS = ("years", "months", "weeks", "days", "hours", "minutes", "seconds")


def add(start: datetime, duration: Duration, zone: ZoneInfo, times: int = 1) -> datetime:
    """``start`` + ``times`` × ``duration``: the 31st plus a month is the last day of the next month."""
    moved = start
    if duration.months or duration.days:
        wall = start.astimezone(zone)
        month = wall.year * 12 + wall.month - 1 + duration.months * times
        year, zero_based = divmod(month, 12)
        day = min(wall.day, calendar.monthrange(year, zero_based + 1)[1])
        moved = wall.replace(year=year, month=zero_based + 1, day=day) + timedelta(days=duration.days * times)
    if duration.time:
        # Across a change of the clock an hour stays an hour.
        moved = moved.astimezone(UTC) + duration.time * times
    return moved.astimezone(zone)
