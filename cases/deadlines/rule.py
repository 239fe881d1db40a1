"""A deadline rule: how long, from which fact, by whose word, and who is told when it nears or passes."""

from dataclasses import dataclass
from datetime import time
from typing import Literal

from cases.deadlines.errors import BadLimit, LimitOutOfRange
from cases.deadlines.limit import Limit

Source = Literal["law", "default"]


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of a ladder, `offset` days before (negative) or after the due day, at `at` o'clock on a working day.

    A zero offset is the due instant itself. `to` names roles, `notice` the kind of notice, `effect` what
    happens to the task; a rung with `own_message` is not folded into the daily digest.
    """

    name: str
    offset: Limit
    at: time
    to: tuple[str, ...] = ()
    notice: str | None = None
    effect: str | None = None
    own_message: bool = False


@dataclass(frozen=True, slots=True)
class ExtensionTerms:
    """How far a limit may be extended: `times` extensions, each at most `each`, limit and extensions together
    at most `total`.
    """

    times: int
    each: Limit
    total: Limit | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """`starts_from`: the first of these facts that the case has starts the clock. `start_zh` names that event
    to a reader.

    `not_after` names a deadline of the same case that this one may not outlast, and `not_after_zh` is what a
    reader calls that one. `settable` is the range within which an official may set another limit. `on_expiry`
    says what silence means, where the rule says it.
    """

    name: str
    title_zh: str
    limit: Limit
    starts_from: tuple[str, ...]
    basis: str
    source: Source
    start_zh: str = "起算"
    not_after: str | None = None
    not_after_zh: str = ""
    settable: tuple[Limit, Limit] | None = None
    extension: ExtensionTerms | None = None
    repeats: bool = False
    on_expiry: str | None = None
    ladder: str | None = None
    rungs: tuple[Rung, ...] = ()

    def __post_init__(self) -> None:
        if self.settable is None:
            return
        low, high = self.settable
        if {low.unit, high.unit} != {self.limit.unit} or not low.amount <= self.limit.amount <= high.amount:
            raise BadLimit(
                f"Rule {self.name}: the limit {self.limit} is not inside its own range {low} to {high}; "
                "correct one of them."
            )

    def limit_for(self, chosen: Limit | None) -> Limit:
        """The limit that applies when an official chose `chosen`. Raises LimitOutOfRange."""
        if chosen is None or chosen == self.limit:
            return self.limit
        if self.settable is None:
            raise LimitOutOfRange(
                f"{self.title_zh} ({self.name}) is fixed at {self.limit}; it cannot be set to {chosen}."
            )
        low, high = self.settable
        if chosen.unit != low.unit or not low.amount <= chosen.amount <= high.amount:
            raise LimitOutOfRange(f"{self.title_zh} ({self.name}) can be set from {low} to {high}; {chosen} was given.")
        return chosen
