"""Official time: Asia/Shanghai everywhere, also in Xinjiang, whose office hours differ but whose legal date
does not.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from cases.deadlines.errors import BadStart

SHANGHAI = ZoneInfo("Asia/Shanghai")


def day_of(instant: datetime) -> date:
    """The date in Asia/Shanghai on which `instant` lies: day 0 of a count, whatever the hour (民法典 §201).

    Raises BadStart for a naive datetime: guessing its zone could move the start by a day.
    """
    if instant.tzinfo is None:
        raise BadStart(
            f"The start {instant.isoformat()} has no time zone; give one, for example {instant.isoformat()}+08:00."
        )
    return instant.astimezone(SHANGHAI).date()


def end_of(day: date) -> datetime:
    """24:00 of `day` (民法典 §203), written as 00:00 of the next day: the first instant that is too late."""
    return datetime.combine(day + timedelta(days=1), time(), SHANGHAI)


def at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, SHANGHAI)
