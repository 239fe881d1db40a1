"""Which day a report is about, and which stretch of time: from the same hour of the day before up to its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from cases.deadlines.zone import SHANGHAI, at, day_of
from cases.policy.pack import PolicyPack
from cases.policy.sharing import DailyShare

INTAKE = "intake"
NATIONAL = "national"

# An act of the last minutes before the cut may be recorded after it: what lies in the overlap is told in both reports.
OVERLAP = timedelta(minutes=10)


@dataclass(frozen=True)
class Window:
    """``since`` < instant <= ``until``, both aware; ``day`` in Asia/Shanghai."""

    day: date
    since: datetime
    until: datetime

    @property
    def told_since(self) -> datetime:
        return self.since - OVERLAP


def share_of(pack: PolicyPack, kind: str) -> DailyShare:
    return pack.sharing.national if kind == NATIONAL else pack.sharing.intake


def window(clock: time, as_at: datetime) -> Window:
    """The day's stretch that ended last: a report asked for at noon is yesterday's, never half of today's."""
    day = day_of(as_at)
    if as_at < at(day, clock):
        day -= timedelta(days=1)
    until = at(day, clock)
    return Window(day, until - timedelta(days=1), until)


def last_send(pack: PolicyPack, kind: str, as_at: datetime) -> Window:
    return window(share_of(pack, kind).send_at.value, as_at)


def local_time(instant: datetime) -> str:
    return f"{instant.astimezone(SHANGHAI):%H:%M}"
