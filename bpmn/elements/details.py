"""What only one kind of node has, one record a kind; ``Node.detail`` holds it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from bpmn.elements.events import Message
from bpmn.elements.expression import Value


@dataclass(frozen=True, slots=True)
class UserTask:
    assignee: Value | None = None
    candidate_groups: Value | None = None
    candidate_users: Value | None = None
    due: Value | None = None
    follow_up: Value | None = None
    priority: Value | None = None
    form_id: Value | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """A task definition: work that an activity of this type does."""

    type: Value
    retries: Value
    headers: tuple[tuple[str, str], ...] = ()
    priority: Value | None = None


@dataclass(frozen=True, slots=True)
class Script:
    """``spread``: the entries of the result become variables, where no name for the whole is given."""

    expression: Value
    result: str | None
    spread: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    decision_id: Value
    result: str
    binding: str = "latest"
    version_tag: str | None = None


@dataclass(frozen=True, slots=True)
class Call:
    process_id: Value
    binding: str = "latest"
    version_tag: str | None = None
    parent_variables: bool = True
    child_variables: bool = True


@dataclass(frozen=True, slots=True)
class Receive:
    message: Message


@dataclass(frozen=True, slots=True)
class Send:
    message: Message


@dataclass(frozen=True, slots=True)
class AdHoc:
    """``output`` is evaluated at the end of each path inside and added to the list ``output_collection``."""

    parallel: bool
    completion: Value | None
    cancel_remaining: bool
    active: Value | None
    discretionary: bool
    output: Value | None = None
    output_collection: str | None = None


@dataclass(frozen=True, slots=True)
class Complex:
    activation: Value | None


Detail: TypeAlias = UserTask | Job | Script | Decision | Call | Receive | Send | AdHoc | Complex | None
