"""Offsets of IANA zones. The database is the pinned tzdata wheel: the composition root empties the search path."""

from datetime import datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from bpmn.feel.temporal import NANOS, Date, DateTime, Time

_REFERENCE = datetime(2000, 1, 1)  # noqa: DTZ001 - gets each zone in turn


def zone_or_none(key: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(key)
    except (ValueError, OSError, KeyError):  # unknown key, path-like key, directory of the database
        return None


def offset_at(zone: tzinfo, date: Date, time: Time) -> int:
    """Seconds east of UTC. Years outside 1..9999 take the rule of a year within that has the same leap days."""
    year = date.year if 1 <= date.year <= 9999 else 2000 + date.year % 400
    # fold stays 0: of two instants with the same local time, the first.
    moment = datetime(year, date.month, date.day, time.hour, time.minute, time.second, tzinfo=zone)
    delta = moment.utcoffset()
    return int(delta.total_seconds()) if delta is not None else 0


def standard_offset(zone: tzinfo) -> int:
    """Without daylight saving: what a time that stands with no date is read by."""
    moment = _REFERENCE.replace(tzinfo=zone)
    delta = (moment.utcoffset() or timedelta()) - (moment.dst() or timedelta())
    return int(delta.total_seconds())


def zoned_time(time: Time, key: str, date: Date | None = None) -> Time | None:
    zone = zone_or_none(key)
    if zone is None:
        return None
    offset = standard_offset(zone) if date is None else offset_at(zone, date, time)
    return Time(time.hour, time.minute, time.second, time.nano, offset, key)


def from_datetime(moment: datetime) -> DateTime:
    """Keeps an IANA key; other tzinfo become plain offsets."""
    delta = moment.utcoffset()
    offset = None if delta is None else int(delta.total_seconds())
    key = getattr(moment.tzinfo, "key", None)
    time = Time(moment.hour, moment.minute, moment.second, moment.microsecond * 1000, offset, key)
    return DateTime(Date(moment.year, moment.month, moment.day), time)


def from_instant(nanos: int, key: str) -> DateTime | None:
    """The local reading in `key` of an instant given in nanoseconds since 1970-01-01T00:00Z."""
    zone = zone_or_none(key)
    as_utc = DateTime.from_nanos(nanos, 0)
    if zone is None or as_utc is None:
        return None
    year = as_utc.date.year if 1 < as_utc.date.year < 9999 else 2000 + as_utc.date.year % 400
    moment = datetime(year, as_utc.date.month, as_utc.date.day, as_utc.time.hour, as_utc.time.minute,
                      as_utc.time.second, tzinfo=zone)
    delta = zone.utcoffset(zone.fromutc(moment)) or timedelta()
    offset = int(delta.total_seconds())
    return DateTime.from_nanos(nanos + offset * NANOS, offset, key)
