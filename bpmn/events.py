"""What can happen to a process instance. ``advance`` takes one of these at a time.

Every key is a number that the core handed out in a command of an earlier step. Events are plain data:
``bpmn.codec`` writes them to JSON and back, so that the step log can keep and replay them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import TypeAlias

from bpmn.begun import BEGUN
from bpmn.record import record
from bpmn.values import Json


@record
class GraphRef:
    """A deployed file by content hash, and one process in it."""

    hash: str
    process_id: str


@record
class InstanceStarted:
    """A new instance; ``start_event`` names a message, signal or timer start, None the none start event.

    ``definition`` is the index of the event definition that a parallel multiple start caught first: the instance
    remembers it and waits for the others. None: all of them were caught outside. ``semantics`` is the number of the
    rules that it begins with (``bpmn.semantics``).
    """

    ref: GraphRef
    business_key: str
    variables: Mapping[str, Json] = field(default_factory=dict)
    start_event: str | None = None
    definition: int | None = None
    # A stored start that says none began before there were numbers.
    semantics: int = field(default=BEGUN, metadata={"absent": 1})


@record
class TaskCompleted:
    """A person completed a user, manual or (undefined) receive-less task."""

    task_key: int
    variables: Mapping[str, Json] = field(default_factory=dict)


@record
class TaskErrored:
    """A person gave a user task back with a BPMN error code (退回), caught by a boundary error event."""

    task_key: int
    code: str
    variables: Mapping[str, Json] = field(default_factory=dict)


@record
class TaskEscalated:
    """A person raised an escalation from a user task; caught by a boundary escalation event, the task may go on."""

    task_key: int
    code: str
    variables: Mapping[str, Json] = field(default_factory=dict)


@record
class JobCompleted:
    job_key: int
    variables: Mapping[str, Json] = field(default_factory=dict)


@record
class JobFailed:
    """A technical failure with no retry left: becomes an incident on the token."""

    job_key: int
    reason: str


@record
class JobErrored:
    """A business error: a BPMN error with this code, thrown at the job's element."""

    job_key: int
    code: str
    message: str = ""
    variables: Mapping[str, Json] = field(default_factory=dict)


@record
class TimerFired:
    timer_key: int


@record
class MessageDelivered:
    """A message reached one open subscription. ``message_id`` is for the log; matching was done outside."""

    subscription_key: int
    message_id: str
    variables: Mapping[str, Json] = field(default_factory=dict)


@record
class SignalDelivered:
    """A signal thrown elsewhere reached one open signal subscription."""

    subscription_key: int
    variables: Mapping[str, Json] = field(default_factory=dict)


@record
class DefinitionResolved:
    """The answer to ``ResolveDefinition``: the callee's graph, pinned for this call."""

    request_key: int
    ref: GraphRef


@record
class DefinitionMissing:
    request_key: int
    reason: str


@record
class DecisionEvaluated:
    """The answer to ``EvaluateDecision`` when the decision lives in another file."""

    request_key: int
    result: Json


@record
class DeadlineSet:
    """What the record step computed for a deadline.

    ``due_at`` and ``rungs`` are ISO 8601 instants, None / empty where the policy knows no such clock in this channel.
    An event with a revision not above the known one is ignored.
    """

    deadline_key: int
    revision: int
    due: str | None
    due_at: str | None
    rungs: Mapping[str, str] = field(default_factory=dict)
    provisional: bool = False


@record
class AdHocActivated:
    """A person starts one enabled activity of an ad-hoc subprocess (a discretionary task)."""

    scope_key: int
    element_id: str
    variables: Mapping[str, Json] = field(default_factory=dict)


@record
class IncidentRetried:
    """The operator asks for another try of what failed; the incident keeps the original event for it."""

    incident_key: int


@record
class VariablesEdited:
    scope_key: int
    variables: Mapping[str, Json]


@record
class ElementSkipped:
    """The operator completes the element that the incident stands on, with these variables, without doing its work."""

    token_key: int
    variables: Mapping[str, Json] = field(default_factory=dict)


@record
class TokenMoved:
    """The operator takes a token (and whatever its element started) and places it on another element of the scope."""

    token_key: int
    element_id: str


@record
class OperationUndone:
    """The operator takes back the act of the step before. Whoever asks brings what the step log holds of it: the state
    before as JSON text, the act and its instant. ``marks`` maps elements to graphs: those that gave the case the stage
    and status that it returns to.
    """

    before: str
    operation: IncidentRetried | VariablesEdited | ElementSkipped | TokenMoved
    at: str
    marks: Mapping[str, str] = field(default_factory=dict)


@record
class InstanceCancelled:
    reason: str


@record
class SemanticsRaised:
    """From now on the case is run by the rules of this number, an upgrade's."""

    number: int


@record
class InstanceMigrated:
    """A migration plan, checked before: source element id -> target element id in the graph ``to``."""

    scope_key: int
    to: GraphRef
    mapping: Mapping[str, str]


Event: TypeAlias = (
    InstanceStarted
    | TaskCompleted
    | TaskErrored
    | TaskEscalated
    | JobCompleted
    | JobFailed
    | JobErrored
    | TimerFired
    | MessageDelivered
    | SignalDelivered
    | DefinitionResolved
    | DefinitionMissing
    | DecisionEvaluated
    | DeadlineSet
    | AdHocActivated
    | IncidentRetried
    | VariablesEdited
    | ElementSkipped
    | TokenMoved
    | OperationUndone
    | InstanceCancelled
    | SemanticsRaised
    | InstanceMigrated
)
