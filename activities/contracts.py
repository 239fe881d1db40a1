"""What a workflow may know of the activities: their names, frozen inputs and results, and error types.

Standard library only, so that the workflow sandbox never loads the ORM behind them. JSON documents travel as text
written by ``bpmn.codec`` (exact numbers); nothing here may hold personal data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

RECORD = "record"
CONFIRM_DEADLINE = "confirm_deadline"

BPMN_ERROR = "BpmnError"
"""``ApplicationError.type`` of a business error; details: code, variables as JSON text."""

STORES_DISAGREE = "StoresDisagree"
"""The step log holds another step under this number. Not retryable: an operator reconciles."""

DATA_ERROR = "DataError"
"""What was to be recorded cannot be stored as it is. Not retryable, shown by health."""


FETCHED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "case.referrer": ("unit", "region_code", "scope"),
        "case.note": ("verifying_unit",),
        "case.overseer": (),
        "case.merge": ("into",),
        "case.successor": ("unit",),
        "case.rated": ("satisfaction",),
        "case.tell": ("clock", "notice"),
        "case.answer": ("asked", "act", "to", "clock"),
        "case.retaliation": ("submission",),
        "case.joint": (),
        "determination.enter": ("grounds", "unit"),
        "record.enter": ("unit", "source"),
        "record.mark": ("status",),
        "record.correct": ("remedy", "unit"),
        "record.repair": (),
        "measure.impose": ("measure_id", "code", "name", "dept", "target", "basis"),
        "measure.end": ("measure_id",),
        "escalation.propose": ("triggers",),
        "escalation.decline": (),
        "escalation.push": (),
        "escalation.status": ("state", "submission"),
        "escalation.withdraw": (),
        "letter.prepare": ("kind", "issuer", "drafter_role", "facts"),
        "letter.issue": ("letter_id",),
        "notify": ("clock", "rung", "waits_for"),
        "order.open": ("letter_id", "served_at"),
        "order.letter": ("number",),
        "order.remind": ("clock", "rung"),
        "order.tell": ("what",),
        "share.determination": (),
        "share.record": (),
    }
)
"""The variables that a type of job reads (a Zeebe worker's ``fetchVariables``). Any other type gets all it can see."""


@dataclass(frozen=True)
class StepEntry:
    """One applied event: its number, JSON text, instant on the case's time axis (ISO 8601) and chained digest.

    ``reason`` is set for an operator's act only.
    """

    number: int
    event: str
    at: str
    digest: str
    submission_id: str | None = None
    actor: str | None = None
    reason: str | None = None


@dataclass(frozen=True)
class RecordInput:
    """``last_step``: the last one applied; without entries the record is asked for answers that it still owes.

    Answered with ``bpmn.answers.Answers``.
    """

    instance_id: str
    entries: list[StepEntry]
    last_step: int


@dataclass(frozen=True)
class ConfirmInput:
    """May this rung of a deadline fire now? ``at`` is the instant on the case's time axis."""

    instance_id: str
    deadline_key: int
    revision: int
    rung: str
    at: str


@dataclass(frozen=True)
class ConfirmResult:
    """``fire`` when the rung is claimed by this call (or was by an earlier try of it), else the newer deadline."""

    fire: bool
    event: str | None = None


@dataclass(frozen=True)
class JobInput:
    """One job of a service task. ``key`` with the instance id is the idempotency key of its effect."""

    instance_id: str
    key: int
    type: str
    element_id: str
    variables: str
    properties: str
    headers: dict[str, str]
    at: str


@dataclass(frozen=True)
class JobResult:
    variables: str = "{}"


DELIVER = "deliver_push"
WARN_UNDELIVERED = "warn_undelivered"
COMPOSE_REPORT = "compose_report"
ALERT_MISSING = "alert_missing"
ESCALATE_REPORT = "escalate_report"
DRAFT_PERIODIC = "draft_periodic_report"

WAITS_FOR_EARLIER = "WaitsForEarlier"
"""An earlier message of the same subject is still on its way; retried until it is through."""


@dataclass(frozen=True)
class Delivery:
    """One row of the ``push`` table. ``clock_offset_s``: seconds from real time to the case's axis."""

    key: str
    within_s: float = 300.0
    clock_offset_s: float = 0.0


@dataclass(frozen=True)
class Delivered:
    """``status``: received, refused, or exported (a person carries the file over)."""

    status: str
    receipt: str | None = None


@dataclass(frozen=True)
class ReportRequest:
    """A report on the state ``as_at`` (ISO 8601; None: the Schedule's instant). ``clock_offset_s``: rehearsals only."""

    kind: str
    pack: str
    as_at: str | None = None
    clock_offset_s: float = 0.0


@dataclass(frozen=True)
class ReportResult:
    """``push_key`` is None where nothing is to be sent; ``notices``: how many people were told."""

    day: str
    items: int = 0
    push_key: str | None = None
    notices: int = 0
