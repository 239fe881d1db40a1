"""What follows a determination: records, measures, escalation and repair."""

from collections.abc import Mapping
from typing import Literal

from cases.policy.parameter import Name, Parameter, Section


class Measure(Section):
    """`target`: what it hits: the respondent unit, its league or city, or an official."""

    title: Parameter[Name]
    target: Parameter[Literal["unit", "league", "official"]]


class Trigger(Section):
    """A rule that proposes a push to the supervision platform; a person confirms or declines.

    `limits` are the numbers it compares with; null limits switch the trigger off.
    """

    title: Name
    limits: Parameter[Mapping[str, int] | None]


class Repair(Section):
    conditions: Parameter[tuple[Name, ...]]
    applies_through: Parameter[Name]
    order36_tiers: Parameter[bool]
