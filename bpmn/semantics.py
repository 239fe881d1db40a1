"""The rules by which a step's commands are ordered, by number. An open case keeps the number that its state names.

The order of commands is what a history replays: a core that orders them otherwise adds a set of rules here, beside
those that open cases have, and never changes one. What differs is a field of ``Rules`` that the core asks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from bpmn.begun import BEGUN
from bpmn.commands import Command
from bpmn.run.settle import settle, settle_reopened

__all__ = ["BEGUN", "RULES", "Rules", "UnknownSemantics", "rules_of"]

Arrange = Callable[[Sequence[Command], int], tuple[Command, ...]]


class UnknownSemantics(Exception):
    """A newer release has begun or raised this case; only one that knows the number may take it on."""


@dataclass(frozen=True, slots=True)
class Rules:
    """``arrange`` makes of what a step collected, and of the first key it could hand out, what the shell performs.

    ``prompt_conditions``: a condition is judged as soon as it is armed or something that it names has changed; before,
    only when every token rests, so that an activity without a wait was over before its condition was looked at.
    ``resets``: a complex gateway that resets sends tokens along the flows that ask for it (§13.4.5).
    ``data_loops``: a loop's collections may be data inputs and outputs of its own task, ``data_targets``: the target
    of an assignment may name a data element by its id.
    ``rungs_by_clock``: what a timer has fired counts for the clock that it fired for, and when that ends the timer goes
    back to an outer clock of the name; before, live clocks of one name shared the record, and a rung of one could be
    taken as fired for the other. A case with such rules is stored as a state of version 2.
    """

    arrange: Arrange = settle
    prompt_conditions: bool = False
    resets: bool = False
    data_loops: bool = False
    data_targets: bool = False
    rungs_by_clock: bool = False


RULES: Mapping[int, Rules] = MappingProxyType(
    {
        1: Rules(),
        2: Rules(prompt_conditions=True, resets=True, data_loops=True, data_targets=True),
        3: Rules(
            settle_reopened,
            prompt_conditions=True,
            resets=True,
            data_loops=True,
            data_targets=True,
            rungs_by_clock=True,
        ),
    }
)


def rules_of(number: int) -> Rules:
    found = RULES.get(number)
    if found is None:
        known = ", ".join(map(str, sorted(RULES)))
        raise UnknownSemantics(f"The case has semantics {number}; this release knows {known}.")
    return found
