"""Event definitions, and the file's shared messages, signals, errors and escalations that they refer to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, TypeAlias

from bpmn.elements.expression import Value


@dataclass(frozen=True, slots=True)
class Message:
    """``paths`` find the key in what is sent (§8.4.2), where the message has no ``correlation_key`` of its own."""

    id: str
    name: Value
    correlation_key: Value | None = None
    paths: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Signal:
    id: str
    name: Value


@dataclass(frozen=True, slots=True)
class ErrorCode:
    """A shared error or escalation. ``code`` None means any."""

    id: str
    name: str
    code: Value | None


@dataclass(frozen=True, slots=True)
class TimerDefinition:
    kind: ClassVar[str] = "timer"
    form: str  # date, duration or cycle
    value: Value


@dataclass(frozen=True, slots=True)
class MessageDefinition:
    kind: ClassVar[str] = "message"
    message: Message


@dataclass(frozen=True, slots=True)
class SignalDefinition:
    kind: ClassVar[str] = "signal"
    signal: Signal


@dataclass(frozen=True, slots=True)
class ErrorDefinition:
    kind: ClassVar[str] = "error"
    error: ErrorCode | None


@dataclass(frozen=True, slots=True)
class EscalationDefinition:
    kind: ClassVar[str] = "escalation"
    escalation: ErrorCode | None


@dataclass(frozen=True, slots=True)
class ConditionalDefinition:
    """``names`` and ``changes`` (create, update) say which writes have the condition judged anew; empty: any."""

    kind: ClassVar[str] = "conditional"
    condition: Value
    names: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LinkDefinition:
    kind: ClassVar[str] = "link"
    name: str


@dataclass(frozen=True, slots=True)
class TerminateDefinition:
    kind: ClassVar[str] = "terminate"


@dataclass(frozen=True, slots=True)
class CancelDefinition:
    kind: ClassVar[str] = "cancel"


@dataclass(frozen=True, slots=True)
class CompensateDefinition:
    kind: ClassVar[str] = "compensate"
    activity: str | None = None
    waits: bool = True


EventDefinition: TypeAlias = (
    TimerDefinition
    | MessageDefinition
    | SignalDefinition
    | ErrorDefinition
    | EscalationDefinition
    | ConditionalDefinition
    | LinkDefinition
    | TerminateDefinition
    | CancelDefinition
    | CompensateDefinition
)
