"""A policy pack: what one jurisdiction's documents, and our defaults where they are silent, say about a case."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import time
from typing import Any

from pydantic import BaseModel

from cases.deadlines.calendar import Calendar, DayTable
from cases.deadlines.national import national_calendar
from cases.deadlines.rule import ExtensionTerms, Rule
from cases.policy.channels import Channel
from cases.policy.clock import Clock
from cases.policy.errors import UnknownChannel, UnknownDeadline
from cases.policy.ladders import Ladder
from cases.policy.letters import Letter
from cases.policy.parameter import ClockTime, Name, Parameter, Section, Source
from cases.policy.reports import Report
from cases.policy.sanctions import Measure, Repair, Trigger
from cases.policy.scope import Excuse, Ground, Refusal, Scope
from cases.policy.sharing import Sharing

OTHER_CHANNEL = "OTHER"


class Document(Section):
    """A document that parameters cite by its key; `number` is its 文号 where it has one."""

    title: Name
    number: Name | None = None


class OfficeHours(Section):
    opens: ClockTime
    closes: ClockTime


class Lights(Section):
    """Yellow at this many working days left, or at this per cent of the time left."""

    yellow_working_days: int
    yellow_percent: int
    stalled_working_days: int


@dataclass(frozen=True, slots=True)
class Provenance:
    """One parameter as a page shows it: dotted path, value, law or default, and the citation."""

    path: str
    value: Any
    source: Source
    basis: str


class PolicyPack(Section):
    """`lineage` is the pack and its ancestors, nearest first. `overlay` is the local day table, if there is one.

    `procedure` names the pack whose models, forms and letters run where this pack and its ancestors hold none.
    """

    pack: Name
    title: Name
    jurisdiction: Name
    lineage: tuple[Name, ...]
    overlay: DayTable | None = None
    procedure: Parameter[Name]
    calendar_overlay: Parameter[Name | None]
    documents: Mapping[str, Document]
    lead_body: Parameter[Name]
    office_hours: Parameter[OfficeHours]
    lights: Parameter[Lights]
    scope: Scope
    domains: Mapping[str, Parameter[Name]]
    key_areas: Parameter[tuple[Name, ...]]
    channels: Mapping[str, Channel]
    deadlines: Mapping[str, Clock]
    ladders: Mapping[str, Ladder]
    grounds: Mapping[str, Ground]
    excuses: Mapping[str, Excuse]
    refusals: Mapping[str, Refusal]
    record_sources: Mapping[str, Parameter[Name]]
    measures: Mapping[str, Measure]
    triggers: Mapping[str, Trigger]
    repair: Repair
    letters: Mapping[str, Letter]
    sharing: Sharing
    reports: Mapping[str, Report]

    def channel(self, code: str) -> Channel:
        """The channel `code`, or OTHER for one that the pack does not list: the texts leave their lists open
        (等渠道).

        Raises UnknownChannel where the pack has no OTHER.
        """
        found = self.channels.get(code) or self.channels.get(OTHER_CHANNEL)
        if found is None:
            listed = ", ".join(self.channels)
            raise UnknownChannel(
                f"Policy {self.pack} has no channel {code!r}; use one of {listed}, or add it to the pack."
            )
        return found

    def clock(self, deadline: str, channel: str) -> Clock:
        """Raises UnknownDeadline, UnknownChannel."""
        own = self.channel(channel).deadlines.get(deadline) or self.deadlines.get(deadline)
        if own is None:
            listed = ", ".join(self.deadlines)
            raise UnknownDeadline(f"Policy {self.pack} has no deadline {deadline!r}; use one of {listed}.")
        return own

    def rule(self, deadline: str, channel: str) -> Rule | None:
        """The rule of `deadline` in `channel`, or None where that clock does not exist there.

        Raises UnknownDeadline for a name no pack knows, which is a mistake and not an absent clock.
        """
        clock = self.clock(deadline, channel)
        if clock.limit.value is None:
            return None
        rule = build_rule(deadline, clock, self.ladders[clock.ladder], self.office_hours.value.opens)
        return replace(rule, not_after_zh=self.clock(rule.not_after, channel).title) if rule.not_after else rule

    def calendar(self, national: Calendar | None = None) -> Calendar:
        """`national` (by default the packaged table) with this pack's local days on top."""
        base = national or national_calendar()
        return base if self.overlay is None else base.with_overlay(self.overlay)

    def cite(self, basis: str) -> str:
        """`S2§3` as a reader knows it: title, 文号 and article."""
        key, _, article = basis.partition("§")
        document = self.documents.get(key)
        if document is None:
            return basis
        head = f"《{document.title}》" + (f"（{document.number}）" if document.number else "")
        return f"{head}第{article}条" if article.isdecimal() else head + article

    def parameters(self) -> Iterator[Provenance]:
        """Every parameter of the pack, the clocks of each channel included."""
        yield from _parameters(self, "")


def build_rule(name: str, clock: Clock, ladder: Ladder, opens: time) -> Rule:
    """Raises BadLimit when the clock's limit lies outside its own range; `clock.limit.value` must not be null."""
    assert clock.limit.value is not None
    extension = clock.extension.value if clock.extension else None
    return Rule(
        name=name,
        title_zh=clock.title,
        limit=clock.limit.value,
        starts_from=clock.starts_from.value,
        start_zh=clock.start_title,
        basis=clock.limit.basis,
        source=clock.limit.source,
        not_after=clock.not_after.value if clock.not_after else None,
        settable=clock.settable.value if clock.settable else None,
        extension=ExtensionTerms(extension.times, extension.each, extension.total) if extension else None,
        repeats=clock.repeats.value if clock.repeats else False,
        on_expiry=clock.on_expiry.value if clock.on_expiry else None,
        ladder=clock.ladder,
        rungs=ladder.as_rungs(opens),
    )


def _parameters(node: Any, path: str) -> Iterator[Provenance]:
    if isinstance(node, Parameter):
        yield Provenance(path, node.value, node.source, node.basis)
    elif isinstance(node, BaseModel):
        for field in type(node).model_fields:
            yield from _parameters(getattr(node, field), f"{path}.{field}" if path else field)
    elif isinstance(node, Mapping):
        for key, value in node.items():
            yield from _parameters(value, f"{path}.{key}")
