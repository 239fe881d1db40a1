"""States of earlier versions, brought forward one version at a time as JSON data, and back for who still reads them.

Each migration says what changed and why; ``STATE_VERSION`` is the number after the last one. The version in which a
case is stored follows from the number of its rules: while workers of two releases serve one queue, cases keep rules
that both know, and so a state that both read. In memory a state is always one of the newest version.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from bpmn.state import STATE_VERSION

Migration = Callable[[dict[str, Any]], dict[str, Any]]

# Of fired rungs that all live clocks of a name share (``bpmn.run.rungs.SHARED``), as JSON names it.
SHARED = "0"


class UnknownVersion(ValueError):
    """A newer release has stored this state; only one that knows its version may go on with it."""


def _rungs_by_clock(plain: dict[str, Any]) -> dict[str, Any]:
    """Fired rungs of a timer are kept for each clock: two live ones of one name had one list, and took its rungs from
    each other. A list says nothing of its clocks, so it stays shared until the case has rules that tell them apart.
    """
    return _timers(plain, lambda fired: {SHARED: fired})


def _rungs_in_one_list(plain: dict[str, Any]) -> dict[str, Any]:
    return _timers(plain, lambda fired: fired[SHARED])


def _timers(plain: dict[str, Any], change: Callable[[Any], Any]) -> dict[str, Any]:
    waits = plain.get("waits", [])
    if not any(_fired(waits)):
        return plain
    return {
        **plain,
        "waits": [
            {**wait, "timer": {**wait["timer"], "fired": change(wait["timer"]["fired"])}} if fired else wait
            for wait, fired in zip(waits, _fired(waits), strict=True)
        ],
    }


def _fired(waits: list[Any]) -> Iterator[bool]:
    return (bool((wait.get("timer") or {}).get("fired")) for wait in waits)


# version -> what makes a state of that version one of the next
MIGRATIONS: Mapping[int, Migration] = MappingProxyType({1: _rungs_by_clock})

# version -> what makes a state of the next version one of that again, for cases whose rules need no more
RETURNS: Mapping[int, Migration] = MappingProxyType({1: _rungs_in_one_list})

# version -> the first number of rules whose cases are stored in it
SINCE: Mapping[int, int] = MappingProxyType({1: 1, 2: 3})


def migrate(
    plain: dict[str, Any], migrations: Mapping[int, Migration] = MIGRATIONS, newest: int = STATE_VERSION
) -> dict[str, Any]:
    """Raises UnknownVersion for a state of a newer release."""
    version = plain.get("version", newest)
    if version > newest:
        raise UnknownVersion(f"The state has version {version}; this engine knows versions up to {newest}.")
    while version < newest:
        plain = {**migrations[version](plain), "version": version + 1}
        version += 1
    return plain


def stored(plain: dict[str, Any], semantics: int, newest: int = STATE_VERSION) -> dict[str, Any]:
    """A state of the newest version in the one that cases with rules of this number are stored in."""
    version = max(known for known, number in SINCE.items() if number <= semantics)
    for older in range(newest - 1, version - 1, -1):
        plain = RETURNS[older](plain)
    return {**plain, "version": version}
