"""Channels through which complaints come, each with its referrer and, where it has its own rules, its own clocks."""

from collections.abc import Mapping
from typing import Literal

from cases.policy.clock import Clock
from cases.policy.parameter import Name, Parameter, Section

ChannelKind = Literal["portal", "hotline", "platform", "petition", "monitoring", "office"]
ReferrerUnit = Literal["accepting_dept", "credit_lead_dept", "region_drc"]


class Referrer(Section):
    """Who refers. `level` is the level of the credit lead; `top_unit` refers when the respondent is a region
    organ or the government of a league or city, above which that lead has no say.
    """

    unit: ReferrerUnit
    level: Literal["LEAGUE", "BANNER"] | None = None
    top_unit: ReferrerUnit | None = None


class Channel(Section):
    """`reviews`: how often the complainant may ask for a review (信访 knows 复查 and 复核).

    `deadlines` holds the clocks in which this channel differs from its pack, already completed from the
    pack's own.
    """

    title: Name
    kind: ChannelKind
    offered: Parameter[bool]
    referrer: Parameter[Referrer]
    own_rules: Parameter[bool]
    self_screening: Parameter[bool]
    reviews: Parameter[int] = Parameter(value=1, source="default", basis="文件未规定，申请复核以一次为限")
    deadlines: Mapping[str, Clock] = {}
