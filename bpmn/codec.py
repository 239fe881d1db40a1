"""Events, commands, trace and state as JSON text and back, without losing a digit.

A record is ``{"kind": class name, field: value, ...}`` (scopes, waits and trace entries have a field ``kind`` of their
own and say ``class``); fields that have their default are left out. Tables with
number keys are lists of records, in order. Numbers are JSON numbers, read as ``int`` or ``Decimal``, never ``float``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields
from functools import cache
from types import MappingProxyType
from typing import Any, cast, get_args

from bpmn import commands, events
from bpmn.commands import Command
from bpmn.events import Event, GraphRef
from bpmn.instance.deadline import Deadline
from bpmn.instance.incident import Incident
from bpmn.instance.migrations import migrate
from bpmn.instance.scope import Compensation, LoopState, Scope
from bpmn.instance.token import Token
from bpmn.instance.wait import TimerPlan, Wait
from bpmn.json_text import dumps, loads
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
# Process variables and other plain data: nothing inside them is a record, whatever it looks like.
_DATA = frozenset(
    [
        "variables",
        "properties",
        "headers",
        "inputs",
        "locals",
        "carry",
        "data",
        "items",
        "outputs",
        "rungs",
        "starts",
        "mapping",
        "result",
    ]
)
# Fields of a state and of a scope that are tables by key; in a scope ``tokens`` is an ordered set of keys.
_TABLES = frozenset({"scopes", "tokens", "waits", "deadlines", "incidents"})
_KEY_SETS = frozenset({("Scope", "tokens"), ("State", "conditions")})
_NAMED_TUPLES = frozenset({"joins", "phases"})


@cache
def _fields(kind: Any) -> tuple[tuple[str, Any], ...]:
    found = []
    for field in fields(kind):
        default = field.default
        if default is MISSING and field.default_factory is not MISSING:
            default = field.default_factory()
        found.append((field.name, default))
    return tuple(found)


@cache
def _tag(kind: Any) -> str:
    """Records that have a field of the name ``kind`` are told by ``class``."""
    return "class" if any(name == "kind" for name, _ in _fields(kind)) else "kind"


def to_plain(record: Any) -> dict[str, Any]:
    """One record as JSON data."""
    kind: Any = type(record)
    plain: dict[str, Any] = {_tag(kind): kind.__name__}
    for name, default in _fields(kind):
        value = getattr(record, name)
        if default is not MISSING and type(value) is type(default) and value == default:
            continue
        plain[name] = _plain(kind.__name__, name, value)
    return plain


def _plain(owner: str, name: str, value: Any) -> Any:
    if name in _DATA:
        return value
    if (owner, name) in _KEY_SETS:
        return list(value)
    if owner == "State" and name in _TABLES:
        return [to_plain(item) for item in value.values()]
    if type(value).__name__ in _CLASSES:
        return to_plain(value)
    if isinstance(value, tuple) and value and type(value[0]).__name__ in _CLASSES:
        return [to_plain(item) for item in value]
    return value


def from_plain(plain: Mapping[str, Any]) -> Any:
    tag = "class" if "class" in plain else "kind"
    kind = _CLASSES.get(plain.get(tag, ""))
    if kind is None:
        raise ValueError(f"{plain.get(tag)!r} is no kind of record.")
    known = dict(_fields(kind))
    values = {}
    for name, value in plain.items():
        if name == tag:
            continue
        if name not in known:
            raise ValueError(f"{kind.__name__} has no field {name!r}.")
        values[name] = _restored(kind.__name__, name, value, known[name])
    return kind(**values)


def _restored(owner: str, name: str, value: Any, default: Any) -> Any:
    if name in _DATA:
        return tuple(value) if isinstance(value, list) and isinstance(default, tuple) else value
    if (owner, name) in _KEY_SETS:
        return dict.fromkeys(value)
    if owner == "State" and name in _TABLES:
        return {item["key"]: from_plain(item) for item in value}
    if name in _NAMED_TUPLES:
        return {key: tuple(item) for key, item in value.items()}
    if isinstance(value, dict) and ("kind" in value or "class" in value):
        return from_plain(value)
    if isinstance(value, list):
        return tuple(from_plain(item) if isinstance(item, dict) else item for item in value)
    return value


def dump_event(event: Event) -> str:
    return dumps(to_plain(event))


def load_event(text: str) -> Event:
    return cast(Event, from_plain(loads(text)))


def dump_commands(found: Iterable[Command]) -> str:
    return dumps([to_plain(command) for command in found])


def load_commands(text: str) -> tuple[Command, ...]:
    return tuple(from_plain(item) for item in loads(text))


def dump_trace(trace: Iterable[TraceEntry]) -> str:
    return dumps([to_plain(entry) for entry in trace])


def load_trace(text: str) -> tuple[TraceEntry, ...]:
    return tuple(from_plain(item) for item in loads(text))


def dump_variables(variables: Mapping[str, Json]) -> str:
    return dumps(variables)


def load_variables(text: str) -> dict[str, Json]:
    return cast(dict[str, Json], loads(text))


def dump_state(state: State) -> str:
    return dumps({"version": state.version, **to_plain(state)})


def load_state(text: str) -> State:
    """A state of any earlier version, brought to this one."""
    return cast(State, from_plain(migrate(loads(text))))
