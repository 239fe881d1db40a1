"""Whose complaint, against whom, about what; and which grounds and excuses count."""

from collections.abc import Mapping
from typing import Literal

from cases.policy.parameter import Name, Parameter, Section


class Scope(Section):
    """Party types are codes of `party_types`, which maps each to the names that channels use for it.

    `unsigned` says what happens when no contract was signed: `ask` leaves it to a person.
    """

    party_types: Mapping[str, Parameter[tuple[Name, ...]]]
    complainants: Parameter[tuple[Name, ...]]
    respondents: Parameter[tuple[Name, ...]]
    unsigned: Parameter[Literal["ask", "in", "out"]]
    guidance: Mapping[str, Parameter[Name]]

    def type_of(self, name: str) -> str | None:
        """The party type code for a name as channels write it (`民营企业`), or None for a name not known."""
        return next((code for code, names in self.party_types.items() if name in names.value or name == code), None)


class Ground(Section):
    """`awaits_expiry`: whether the rectification limit must have run out before this ground holds."""

    title: Parameter[Name]
    awaits_expiry: Parameter[bool]


ExcuseEffect = Literal["extend", "no_determination", "g3", "g1"]


class Excuse(Section):
    """`effect`: it may extend the limit, forbid a determination, be barred (G3), or be no excuse (G1).

    `accountability`: raising it is itself handed over for 追责. `needs`: what must be shown before it counts.
    """

    title: Name
    effect: Parameter[ExcuseEffect]
    needs: Parameter[tuple[Name, ...]] | None = None
    accountability: Parameter[bool] | None = None


class Refusal(Section):
    title: Name
    ground: Parameter[Name]
