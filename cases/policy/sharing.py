"""What is shared, with whom, and by what time of every calendar day (Asia/Shanghai, also in Xinjiang)."""

from cases.policy.parameter import ClockTime, Name, Parameter, Section


class DailyShare(Section):
    """The text says 前 (before): sent early enough that the receipt lies before `receipt_before`."""

    title: Name
    alert_at: Parameter[ClockTime] | None = None
    send_at: Parameter[ClockTime]
    receipt_before: Parameter[ClockTime]
    escalate_at: Parameter[ClockTime] | None = None


class Sharing(Section):
    """`shared_to` names the platforms that receive the record of a determined breach."""

    intake: DailyShare
    national: DailyShare
    nil_reports: Parameter[bool]
    push_within_minutes: Parameter[int]
    push_to: Parameter[tuple[Name, ...]]
    shared_to: Parameter[tuple[Name, ...]]
    supervision_platform: Parameter[Name | None]
