"""One message per person and day, unless the kind demands its own: nobody drowns in reminders."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from notifications.kinds import notice_kind
from notifications.letters.wording import date_zh
from notifications.notice import Language, Notice, write_notice


@dataclass(frozen=True, slots=True)
class Waiting:
    """A written notice that waits. ``key`` is its idempotency key; ``recipient`` names a person.

    ``own``: whether it goes out by itself; None leaves that to its kind.
    """

    key: str
    recipient: str
    notice: Notice
    language: Language = "zh"
    own: bool | None = None

    @property
    def alone(self) -> bool:
        return notice_kind(self.notice.kind).own if self.own is None else self.own


@dataclass(frozen=True, slots=True)
class Planned:
    """A message to send now. ``covers`` are the keys that it settles; a digest's ``key`` is one per person, day."""

    key: str
    recipient: str
    notice: Notice
    covers: tuple[str, ...]


def daily_digests(waiting: Iterable[Waiting], day: date, already_sent: frozenset[str] = frozenset()) -> list[Planned]:
    """One digest a person of all that waits for one; ``day`` is the day in Asia/Shanghai.

    A person whose digest of ``day`` is among ``already_sent`` (digest keys) gets none: the rest waits for the next day.
    """
    by_person: dict[str, list[Waiting]] = {}
    for item in waiting:
        if not item.alone:
            by_person.setdefault(item.recipient, []).append(item)
    keyed = ((f"digest:{person}:{day.isoformat()}", person, items) for person, items in by_person.items())
    return [_digest(key, person, items, day) for key, person, items in keyed if key not in already_sent]


def _digest(key: str, person: str, items: list[Waiting], day: date) -> Planned:
    covers = tuple(item.key for item in items)
    if len(items) == 1:
        return Planned(key, person, items[0].notice, covers)
    language = items[0].language
    lines = "\n".join(f"{number}. {item.notice.body}" for number, item in enumerate(items, 1))
    facts = {
        "day": date_zh(day) if language == "zh" else day.isoformat(),
        "count": str(len(items)),
        "lines": lines,
    }
    return Planned(key, person, write_notice("digest", facts, language), covers)
