"""Errors of the deadline arithmetic.

DeadlineError
├── BadLimit            a limit that is not whole working or calendar days
├── BadStart            a start without a time zone
├── BadCalendar         rows that contradict each other
├── UncoveredDay        a day for which neither an official table nor a statutory rule exists
├── LimitOutOfRange     a limit set by a person outside what the rule allows
├── ExtensionRefused    an extension beyond what the rule allows
└── ClockStopped        a due date asked for while the clock stands still
"""


class DeadlineError(ValueError):
    """An expected failure of deadline arithmetic; the message is a whole sentence with the remedy."""


class BadLimit(DeadlineError):
    pass


class BadStart(DeadlineError):
    pass


class BadCalendar(DeadlineError):
    pass


class UncoveredDay(DeadlineError):
    pass


class LimitOutOfRange(DeadlineError):
    pass


class ExtensionRefused(DeadlineError):
    pass


class ClockStopped(DeadlineError):
    pass
