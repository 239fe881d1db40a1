"""Nodes and sequence flows of a deployed process, references resolved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bpmn.elements.details import Detail, Job
from bpmn.elements.events import EventDefinition
from bpmn.elements.expression import Value
from bpmn.elements.loop import Loop


@dataclass(frozen=True, slots=True)
class Flow:
    id: str
    name: str
    source: str
    target: str
    condition: Value | None
    line: int


@dataclass(frozen=True, slots=True)
class IoMapping:
    """``target`` is a variable name, or a path into a context variable."""

    source: Value
    target: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DataCopy:
    """A data association: copies ``source``, or what ``transformation`` makes of it, then does ``assignments``.

    An assignment is its expression, its target as it is written, and the same by the name of its variable.
    """

    source: Value | None
    target: str
    assignments: tuple[tuple[Value, str, str], ...] = ()
    transformation: Value | None = None


@dataclass(frozen=True, slots=True)
class DeadlinePlan:
    """The deadline properties of one node; names are evaluated when used."""

    own: Value | None = None
    starts: Value | None = None
    scope: str = ""
    since: Value | None = None
    limit: Value | None = None
    ends: Value | None = None
    cancels: Value | None = None
    pauses: Value | None = None
    extends: Value | None = None
    extend_by: Value | None = None
    extend_reason: Value | None = None


@dataclass(frozen=True, slots=True)
class Container:
    """What a process or subprocess holds. ``initial`` are the nodes that start when nothing else is named."""

    nodes: tuple[str, ...]
    initial: tuple[str, ...]
    starts: tuple[str, ...]
    event_subprocesses: tuple[str, ...] = ()
    compensation_subprocess: str | None = None
    data: tuple[str, ...] = ()
    # What a message to an instantiating receive task or event-based gateway starts at -> what else waits from then on.
    instantiating: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def start_tokens(self, start_event: str | None) -> tuple[str, ...]:
        """Where tokens begin; the first one has caught ``start_event``. Empty where that is no way to start."""
        if start_event is None:
            return self.initial
        if start_event in self.instantiating:
            return (start_event, *self.instantiating[start_event])
        return (start_event,) if start_event in self.starts else ()


@dataclass(frozen=True, slots=True)
class Node:
    id: str
    name: str
    kind: str
    line: int
    process: str
    parent: str
    incoming: tuple[Flow, ...] = ()
    outgoing: tuple[Flow, ...] = ()
    default: str | None = None
    events: tuple[EventDefinition, ...] = ()
    parallel_multiple: bool = False
    interrupting: bool = True
    attached_to: str | None = None
    boundaries: tuple[str, ...] = ()
    compensation_handler: str | None = None
    for_compensation: bool = False
    loop: Loop | None = None
    inputs: tuple[IoMapping, ...] = ()
    outputs: tuple[IoMapping, ...] = ()
    data_inputs: tuple[DataCopy, ...] = ()
    data_outputs: tuple[DataCopy, ...] = ()
    # Properties of a task or event: variables of the node itself.
    local_data: tuple[str, ...] = ()
    properties: Mapping[str, Value] = field(default_factory=dict)
    deadlines: DeadlinePlan | None = None
    detail: Detail = None
    container: Container | None = None
    lane: str | None = None
    start_quantity: int = 1
    completion_quantity: int = 1
    instantiates: bool = False
    parallel_race: bool = False
    job: Detail = None
    start_listeners: tuple[Job, ...] = ()
    end_listeners: tuple[Job, ...] = ()
    link_target: str | None = None
    direction: str | None = None
    conditional_flows: bool = False
    simple: bool = False  # nothing to do on entry or exit but the behaviour itself

    def property(self, name: str) -> str | None:
        """A property as it is written; None when the element has none of that name."""
        value = self.properties.get(name)
        return None if value is None else value.text
