"""Errors of notices and letters.

NotificationError
├── LetterError
│   ├── UnknownLetterKind      no such kind of letter
│   ├── MissingFact            a fact that this kind must state is absent
│   ├── LetterTextMissing      no pack folder holds the text or legal basis
│   ├── LetterTextBroken       a pack's text names what does not exist
│   ├── IdentityLeak           the complainant's name would reach the respondent
│   └── FontsMissing           the typefaces are not installed
├── NoticeError
│   ├── UnknownNoticeKind
│   └── MissingNoticeFact
└── DeliveryError
    ├── DeliveryRetryable      try again later: the message may still arrive
    └── DeliveryRefused        permanent: trying again changes nothing

No message holds personal data: names, addresses and texts of a case stay out, so that any of them may be logged.
"""

from __future__ import annotations


class NotificationError(Exception):
    """Root of everything that this package raises on purpose."""


class LetterError(NotificationError):
    """A letter cannot be written."""


class UnknownLetterKind(LetterError):
    """No such kind of letter."""


class MissingFact(LetterError):
    """A fact that this kind of letter must state is absent. ``field`` names it."""

    def __init__(self, kind: str, field: str, label: str) -> None:
        super().__init__(f"《{kind}》缺少“{label}”（{field}），请补充后再生成。")
        self.kind = kind
        self.field = field


class LetterTextMissing(LetterError):
    """No pack folder holds the text or legal basis of this kind."""


class LetterTextBroken(LetterError):
    """A pack's text names a fact that does not exist, or is not valid Jinja2 or YAML."""


class IdentityLeak(LetterError):
    """The complainant's name stands in a letter that goes where it must not be known (S2 保障措施四)."""


class FontsMissing(LetterError):
    """The typefaces are not installed."""


class NoticeError(NotificationError):
    """A notice cannot be written."""


class UnknownNoticeKind(NoticeError):
    """No such kind of notice."""


class MissingNoticeFact(NoticeError):
    """A fact that this kind of notice must state is absent."""


class DeliveryError(NotificationError):
    """A message was not delivered."""


class DeliveryRetryable(DeliveryError):
    """Try again later."""


class DeliveryRefused(DeliveryError):
    """The other side refuses this message for good; trying again changes nothing."""
