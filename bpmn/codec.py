"""Events, commands, trace and state as JSON text and back, without losing a digit.

A record is ``{"kind": class name, field: value, ...}`` (scopes, waits and trace entries have a field ``kind`` of their
own and say ``class``); fields that have their default are left out. Tables with
number keys are lists of records, in order. Numbers are JSON numbers, read as ``int`` or ``Decimal``, never ``float``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, cast, get_args

from bpmn import commands, events
from bpmn.commands import Command
from bpmn.events import Event, GraphRef
from bpmn.instance.deadline import Deadline
from bpmn.instance.incident import Incident
from bpmn.instance.migrations import migrate, stored
from bpmn.instance.scope import Compensation, LoopState, Scope
from bpmn.instance.token import Token
from bpmn.instance.wait import TimerPlan, Wait
from bpmn.json_text import dumps, loads
from bpmn.layout import Layouts
from bpmn.state import State
from bpmn.step import TraceEntry
from bpmn.values import Json

_CLASSES: Mapping[str, type] = MappingProxyType(
    {
        kind.__name__: kind
        for kind in (
            *get_args(events.Event),
            *get_args(commands.Command),
            GraphRef,
            TraceEntry,
            State,
            Scope,
            Token,
            Wait,
            TimerPlan,
            Deadline,
            Incident,
            Compensation,
            LoopState,
        )
    }
)


def to_plain(record: Any) -> dict[str, Any]:
    """One record as JSON data."""
    layout = _LAYOUTS.of(type(record))
    plain: dict[str, Any] = {layout.tag: type(record).__name__}
    for field in layout.fields:
        value, default = getattr(record, field.name), field.default
        # True is no 1: a default is left out only where it is one of the same type.
        if value is default or (type(value) is type(default) and value == default):
            continue
        plain[field.name] = value if field.write is None else field.write(value)
    return plain


def from_plain(plain: Mapping[str, Any]) -> Any:
    tag = "class" if "class" in plain else "kind"
    kind = _CLASSES.get(plain.get(tag, ""))
    if kind is None:
        raise ValueError(f"{plain.get(tag)!r} is no kind of record.")
    layout = _LAYOUTS.of(kind)
    values = dict(layout.absent)
    for name, value in plain.items():
        field = layout.by_name.get(name)
        if field is not None and name != tag:
            values[name] = value if field.read is None else field.read(value)
        elif name != tag:
            raise ValueError(f"{kind.__name__} has no field {name!r}.")
    return kind(**values)


_LAYOUTS = Layouts(_CLASSES, to_plain, from_plain)


def dump_event(event: Event) -> str:
    return dumps(to_plain(event))


def load_event(text: str) -> Event:
    return cast(Event, from_plain(loads(text)))


def dump_commands(found: Iterable[Command]) -> str:
    return dumps([to_plain(command) for command in found])


def load_commands(text: str) -> tuple[Command, ...]:
    return tuple(from_plain(item) for item in loads(text))


def dump_variables(variables: Mapping[str, Json]) -> str:
    return dumps(variables)


def load_variables(text: str) -> dict[str, Json]:
    return cast(dict[str, Json], loads(text))


def dump_state(state: State) -> str:
    """In the version that every release reads which knows the rules of the case."""
    return dumps(stored({"version": state.version, **to_plain(state)}, state.semantics))


def load_state(text: str) -> State:
    """A state of any earlier version, brought to this one. Raises UnknownVersion for one of a newer release."""
    return cast(State, from_plain(migrate(loads(text))))
