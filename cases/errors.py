"""The error tree of the domain. Messages are whole sentences for the person who asked, in Chinese.

Problem
├── NotFound      nothing there that this person may see
├── Forbidden     it is there, but not theirs to do
├── Conflict      somebody or something was faster
├── Invalid       fields that need mending, all at once
├── TooMany       tried too often, later again
├── Unavailable   a store is away; nothing was half-written
└── Disagreement  step log and execution differ (an operator reconciles)
"""

from __future__ import annotations

from collections.abc import Mapping


class Problem(Exception):
    """An expected failure. ``code`` is stable for programs, the sentence is for people."""

    code = "problem"

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class NotFound(Problem):
    code = "not_found"


class Forbidden(Problem):
    code = "forbidden"


class Conflict(Problem):
    code = "conflict"


class TooMany(Problem):
    code = "too_many"


class Unavailable(Problem):
    code = "unavailable"


class Disagreement(Problem):
    code = "stores_disagree"


class Invalid(Problem):
    """``fields``: field key to sentence. What was typed is kept by whoever asked."""

    code = "invalid"

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__("；".join(fields.values()))
        self.fields = dict(fields)
