"""A clock of a pack: the deadline rule before its ladder is attached."""

from cases.policy.parameter import LimitText, Name, Parameter, Section


class ExtensionRange(Section):
    times: int
    each: LimitText
    total: LimitText | None = None


class Clock(Section):
    """A null limit says that this clock does not exist (in this channel), with the reason as its basis."""

    title: Name
    start_title: Name
    starts_from: Parameter[tuple[Name, ...]]
    limit: Parameter[LimitText | None]
    ladder: Name
    settable: Parameter[tuple[LimitText, LimitText] | None] | None = None
    extension: Parameter[ExtensionRange | None] | None = None
    not_after: Parameter[Name | None] | None = None
    repeats: Parameter[bool] | None = None
    on_expiry: Parameter[Name | None] | None = None
