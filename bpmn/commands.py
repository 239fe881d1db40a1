"""What ``advance`` asks of the shell. The core decides; whoever runs it performs these, in this order.

All are plain data. Instants are ISO 8601 strings with an offset, on the instance's own time axis (the ``now`` that
``advance`` was given).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import TypeAlias

from bpmn.events import GraphRef
from bpmn.record import record
from bpmn.values import Json


@record
class CreateTask:
    """A user or manual task waits for a person.

    ``due_at`` is an instant written in the model; ``due_deadline`` the key of the deadline whose row is the due date.
    ``properties`` are the element's ``zeebe:properties`` with FEEL values evaluated, ``inputs`` its local variables.
    ``scope_path`` lists the scope keys from the root to the task's own scope.
    """

    task_key: int
    ref: GraphRef
    element_id: str
    name: str
    assignee: str | None = None
    candidate_groups: tuple[str, ...] = ()
    candidate_users: tuple[str, ...] = ()
    due_at: str | None = None
    due_deadline: int | None = None
    follow_up_at: str | None = None
    priority: int = 50
    form_id: str | None = None
    properties: Mapping[str, Json] = field(default_factory=dict)
    inputs: Mapping[str, Json] = field(default_factory=dict)
    scope_path: tuple[int, ...] = ()


@record
class CloseTask:
    """The task is over: ``completed``, ``errored`` or ``cancelled`` (by ``reason``, an element id)."""

    task_key: int
    outcome: str
    reason: str = ""


@record
class StartJob:
    """Service, send, script or business-rule work for the outside, by task definition type."""

    job_key: int
    ref: GraphRef
    element_id: str
    type: str
    retries: int
    variables: Mapping[str, Json] = field(default_factory=dict)
    properties: Mapping[str, Json] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


@record
class CancelJob:
    job_key: int


@record
class SetTimer:
    """Arm (or re-arm, same key) a timer.

    A deadline timer names the deadline, its revision and rung and asks before it fires.
    """

    timer_key: int
    element_id: str
    at: str
    deadline_key: int | None = None
    revision: int | None = None
    rung: str | None = None


@record
class CancelTimer:
    timer_key: int


@record
class OpenSubscription:
    """A message catch waits. ``properties`` let a page offer it as an act that a person may do (``jiannuo:act``)."""

    subscription_key: int
    ref: GraphRef
    element_id: str
    message_name: str
    correlation_key: str
    interrupting: bool
    properties: Mapping[str, Json] = field(default_factory=dict)


@record
class CloseSubscription:
    subscription_key: int


@record
class OpenSignal:
    subscription_key: int
    element_id: str
    signal_name: str


@record
class CloseSignal:
    subscription_key: int


@record
class PublishMessage:
    """A message throw event or send task without a task definition.

    ``expires_at`` is the instant that ``jiannuo:timeToLive`` gives; without one the shell's own time holds.
    """

    name: str
    correlation_key: str
    variables: Mapping[str, Json] = field(default_factory=dict)
    expires_at: str | None = None


@record
class BroadcastSignal:
    """To other instances; catches inside this one were served in the same step."""

    name: str
    variables: Mapping[str, Json] = field(default_factory=dict)


@record
class ResolveDefinition:
    """A call activity needs its callee's graph: ``binding`` is latest, deployment or versionTag."""

    request_key: int
    process_id: str
    binding: str = "latest"
    version_tag: str | None = None
    caller: GraphRef | None = None


@record
class EvaluateDecision:
    """A business-rule task calls a decision that is not in the caller's own deployment."""

    request_key: int
    decision_id: str
    binding: str
    version_tag: str | None
    variables: Mapping[str, Json]
    caller: GraphRef | None = None


@record
class ArmDeadline:
    """A clock starts. ``starts`` maps fact names to instants; the policy's rule says which of them it counts from.

    ``limit`` ("45d", "10wd") is one that an authority set within the rule's bounds, None for the rule's own.
    """

    deadline_key: int
    name: str
    element_id: str
    starts: Mapping[str, str]
    limit: str | None = None


@record
class PauseDeadline:
    deadline_key: int
    at: str
    reason: str


@record
class ResumeDeadline:
    deadline_key: int
    at: str


@record
class ExtendDeadline:
    """Counted from the unrolled old end; ``by`` is a limit such as "30d"."""

    deadline_key: int
    by: str
    at: str
    reason: str


@record
class EndDeadline:
    """``outcome``: ``met`` (its act was done, late or not) or ``cancelled`` (its scope ended otherwise)."""

    deadline_key: int
    at: str
    outcome: str


@record
class RaiseIncident:
    incident_key: int
    token_key: int
    element_id: str
    rule: str
    reason: str


@record
class ResolveIncident:
    incident_key: int


@record
class CompleteInstance:
    variables: Mapping[str, Json] = field(default_factory=dict)
    cancelled: bool = False


Command: TypeAlias = (
    CreateTask
    | CloseTask
    | StartJob
    | CancelJob
    | SetTimer
    | CancelTimer
    | OpenSubscription
    | CloseSubscription
    | OpenSignal
    | CloseSignal
    | PublishMessage
    | BroadcastSignal
    | ResolveDefinition
    | EvaluateDecision
    | ArmDeadline
    | PauseDeadline
    | ResumeDeadline
    | ExtendDeadline
    | EndDeadline
    | RaiseIncident
    | ResolveIncident
    | CompleteInstance
)
