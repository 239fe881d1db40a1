"""The chained digest of the step log: both the execution and the log compute it, and it must agree."""

from __future__ import annotations

from hashlib import sha256

GENESIS = ""
"""The digest before the first step."""


def chained(previous: str, event: str, at: str, commands: str) -> str:
    """Digest of a step: it covers what happened, when, and what the core answered, and all steps before it.

    The state itself is left out: it follows from the same events, and a difference in it shows in the next commands.
    """
    return sha256("\n".join((previous, event, at, commands)).encode()).hexdigest()
