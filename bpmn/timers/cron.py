"""Six-field cron as Spring defines it: second minute hour day-of-month month day-of-week, and the @ macros."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

MACROS: Mapping[str, str] = MappingProxyType(
    {
        "@yearly": "0 0 0 1 1 *",
        "@annually": "0 0 0 1 1 *",
        "@monthly": "0 0 0 1 * *",
        "@weekly": "0 0 0 * * 0",
        "@daily": "0 0 0 * * *",
        "@midnight": "0 0 0 * * *",
        "@hourly": "0 0 * * * *",
    }
)
_MONTHS = {
    name: index + 1
    for index, name in enumerate(["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"])
}
_DAYS = {name: index for index, name in enumerate(["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"])}
_BOUNDS = ((0, 59), (0, 59), (0, 23), (1, 31), (1, 12), (0, 7))


@dataclass(frozen=True, slots=True)
class Cron:
    seconds: tuple[int, ...]
    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    month_days: tuple[str, ...]
    months: tuple[int, ...]
    week_days: tuple[str, ...]

    def next(self, after: datetime, zone: ZoneInfo) -> datetime | None:
        """The first instant after ``after`` that fits, within the next eight years (29 February skips 2100)."""
        wall = after.astimezone(zone).replace(microsecond=0, tzinfo=None) + timedelta(seconds=1)
        day = wall.replace(hour=0, minute=0, second=0)
        for _ in range(366 * 8 + 3):
            if day.month in self.months and self._fits(day):
                found = self._time(day, wall if day.date() == wall.date() else day)
                while found is not None:
                    instant = found.replace(tzinfo=zone)
                    if instant.timestamp() > after.timestamp():
                        return instant
                    found = self._time(day, found + timedelta(seconds=1))
            day += timedelta(days=1)
        return None

    def _time(self, day: datetime, start: datetime) -> datetime | None:
        if start.date() != day.date():
            return None
        for hour in self.hours:
            if hour < start.hour:
                continue
            for minute in self.minutes:
                if hour == start.hour and minute < start.minute:
                    continue
                for second in self.seconds:
                    if (hour, minute) != (start.hour, start.minute) or second >= start.second:
                        return day.replace(hour=hour, minute=minute, second=second)
        return None

    def _fits(self, day: datetime) -> bool:
        return any(_month_day(part, day) for part in self.month_days) and any(
            _week_day(part, day) for part in self.week_days
        )


def _month_day(part: str, day: datetime) -> bool:
    last = calendar.monthrange(day.year, day.month)[1]
    if part in ("*", "?"):
        return True
    if part == "L":
        return day.day == last
    if part == "LW":
        return day.day == _nearest_weekday(day, last)
    if part.startswith("L-"):
        return day.day == last - int(part[2:])
    if part.endswith("W"):
        return day.day == _nearest_weekday(day, min(int(part[:-1]), last))
    return day.day == int(part)


def _nearest_weekday(day: datetime, target: int) -> int:
    last = calendar.monthrange(day.year, day.month)[1]
    weekday = day.replace(day=target).weekday()
    if weekday == 5:
        return target - 1 if target > 1 else target + 2
    if weekday == 6:
        return target + 1 if target < last else target - 2
    return target


def _week_day(part: str, day: datetime) -> bool:
    today = (day.weekday() + 1) % 7
    if part in ("*", "?"):
        return True
    if "#" in part:
        which, _, nth = part.partition("#")
        return today == int(which) and (day.day - 1) // 7 + 1 == int(nth)
    if part.endswith("L"):
        return today == int(part[:-1]) and day.day + 7 > calendar.monthrange(day.year, day.month)[1]
    return today == int(part)


def parse_cron(text: str) -> Cron | None:
    fields = MACROS.get(text.strip().lower(), text).split()
    if len(fields) != 6:
        return None
    try:
        numbers = [_numbers(fields[index], *_BOUNDS[index], _MONTHS if index == 4 else {}) for index in (0, 1, 2, 4)]
        month_days = _parts(fields[3], 3, {})
        week_days = _parts(fields[5], 5, _DAYS)
    except (ValueError, KeyError):
        return None
    return Cron(numbers[0], numbers[1], numbers[2], month_days, numbers[3], week_days)


def _parts(text: str, index: int, names: Mapping[str, int]) -> tuple[str, ...]:
    found: list[str] = []
    for part in text.upper().split(","):
        if part in ("*", "?", "L", "LW") and not (index == 5 and part in ("L", "LW")):
            found.append(part)
        elif index == 3 and (part.endswith("W") or part.startswith("L-")):
            int(part.removesuffix("W").removeprefix("L-"))
            found.append(part)
        elif index == 5 and ("#" in part or part.endswith("L")):
            day, mark, nth = (part[:-1], "L", "") if part.endswith("L") else part.partition("#")
            number = names[day] if day in names else int(day)
            found.append(f"{number % 7}{mark}{int(nth) if nth else ''}")
        else:
            found += [str(value % 7 if index == 5 else value) for value in _numbers(part, *_BOUNDS[index], names)]
    return tuple(found)


def _numbers(text: str, low: int, high: int, names: Mapping[str, int]) -> tuple[int, ...]:
    found: dict[int, None] = {}
    for part in text.upper().split(","):
        body, _, step = part.partition("/")
        stride = int(step) if step else 1
        if stride < 1:
            raise ValueError(part)
        first, dash, last = body.partition("-")
        start = low if body in ("*", "?") else _number(first, names)
        end = high if body in ("*", "?") or (step and not dash) else _number(last if dash else first, names)
        if not low <= start <= end <= high:
            raise ValueError(part)
        found.update(dict.fromkeys(range(start, end + 1, stride)))
    return tuple(sorted(found))


def _number(text: str, names: Mapping[str, int]) -> int:
    return names[text] if text in names else int(text)
