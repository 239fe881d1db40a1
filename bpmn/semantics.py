"""The rules by which a step's commands are ordered, by number. An open case keeps the number that its state names.

The order of commands is what a history replays: a core that orders them otherwise adds a set of rules here, beside
those that open cases have, and never changes one. What differs is a field of ``Rules`` that the core asks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from bpmn.commands import Command
from bpmn.run.settle import settle

Arrange = Callable[[Sequence[Command], int], tuple[Command, ...]]


class UnknownSemantics(Exception):
    """A newer release has begun or raised this case; only one that knows the number may take it on."""


@dataclass(frozen=True, slots=True)
class Rules:
    """``arrange`` makes of what a step collected, and of the first key it could hand out, what the shell performs."""

    arrange: Arrange = settle


RULES: Mapping[int, Rules] = MappingProxyType({1: Rules()})

BEGUN = 1
"""The number that new cases begin at unless a setting says otherwise: one that the release before knows too."""


def rules_of(number: int) -> Rules:
    found = RULES.get(number)
    if found is None:
        known = ", ".join(map(str, sorted(RULES)))
        raise UnknownSemantics(f"The case has semantics {number}; this release knows {known}.")
    return found
