"""From what a timer definition says to its next instant."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from bpmn.errors import Failure
from bpmn.instance.wait import TimerPlan
from bpmn.timers.cron import parse_cron
from bpmn.timers.duration import Duration, add, parse_duration

# Days for more than a hundred years.
_MAXIMUM_REPEATS = 40_000
_REPEAT = re.compile(r"R(\d*|-1)/(.+)", re.ASCII)


def plan(form: str, value: Any, now: datetime, zone: ZoneInfo) -> TimerPlan:
    """``value`` as JSON. Raises Failure with what was expected."""
    text = value.strip() if isinstance(value, str) else ""
    if form == "date":
        return TimerPlan(at=moment(text, zone).isoformat())
    if form == "duration":
        duration = _duration(text)
        return TimerPlan(at=add(now, duration, zone).isoformat())
    return _cycle(text, now, zone)


def following(timer: TimerPlan, zone: ZoneInfo) -> TimerPlan | None:
    """The same timer after it fired once; None when that was its last time."""
    if not timer.left:
        return None
    left = timer.left - 1 if timer.left > 0 else -1
    if timer.cron:
        cron = parse_cron(timer.cron)
        found = None if cron is None else cron.next(datetime.fromisoformat(timer.at), zone)
        return None if found is None else replace(timer, at=found.isoformat(), left=left)
    count = timer.count + 1
    at = add(datetime.fromisoformat(timer.anchor), _duration(timer.interval), zone, count)
    return replace(timer, at=at.isoformat(), left=left, count=count)


def _cycle(text: str, now: datetime, zone: ZoneInfo) -> TimerPlan:
    repeat = _REPEAT.fullmatch(text)
    if repeat is None:
        cron = parse_cron(text)
        first = None if cron is None else cron.next(now, zone)
        if first is None:
            raise Failure("timer", f"'{text}' is no cycle such as R3/PT1H or 0 0 9 * * MON-FRI.")
        return TimerPlan(at=first.isoformat(), left=-1, cron=text)
    times = int(repeat[1]) if repeat[1] not in ("", "-1") else -1
    start, _, rest = repeat[2].partition("/")
    if rest and parse_duration(rest) is None:
        start, rest, times = _bounded(start, rest, times, now, zone)
    interval = rest or start
    duration = _duration(interval)
    if duration.empty:
        raise Failure("timer", f"The cycle '{text}' has an interval of no length.")
    if times == 0:
        return TimerPlan()
    left = times - 1 if times > 0 else -1
    if rest:
        anchor = moment(start, zone)
        return TimerPlan(at=anchor.isoformat(), left=left, interval=interval, anchor=anchor.isoformat())
    first = add(now, duration, zone)
    return TimerPlan(at=first.isoformat(), left=left, interval=interval, anchor=now.isoformat(), count=1)


def _bounded(first: str, last: str, times: int, now: datetime, zone: ZoneInfo) -> tuple[str, str, int]:
    """ISO 8601's other two intervals: from an instant to another one, and of a length up to an instant."""
    end = moment(last, zone)
    length = parse_duration(first)
    if length is None:
        seconds = (end - moment(first, zone)).total_seconds()
        if seconds <= 0:
            raise Failure("timer", f"The interval from {first} to {last} does not go forward.")
        return first, f"PT{Decimal(seconds)}S", times
    fits = 0
    if not length.empty and not (length.months or length.days):
        fits = max(int((end - now) / length.time), 0)
    elif not length.empty:
        while fits < _MAXIMUM_REPEATS and add(now, length, zone, fits + 1) <= end:
            fits += 1
    return first, "", fits if times < 0 else min(fits, times)


def _duration(text: str) -> Duration:
    found = parse_duration(text)
    if found is None:
        raise Failure("timer", f"'{text}' is no ISO 8601 duration such as PT15M or P3D.")
    return found


def moment(text: str, zone: ZoneInfo) -> datetime:
    """A date with time; without an offset in the process zone; FEEL's ``@Zone/Name`` suffix is understood."""
    body, _, named = text.partition("@")
    try:
        found = datetime.fromisoformat(body)
        place = ZoneInfo(named) if named else zone
    except (ValueError, KeyError, OSError) as error:
        raise Failure("timer", f"'{text}' is no instant such as 2026-03-01T09:00:00+08:00.") from error
    return found if found.tzinfo else found.replace(tzinfo=place)
