"""What changed between two versions of a model, element by element, as a reader of the diagram would say it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from bpmn.elements.expression import Value
from bpmn.elements.node import Flow, Node
from bpmn.model import Graph

_NOT_COMPARED = ("line", "incoming", "outgoing", "simple", "conditional_flows")


@dataclass(frozen=True, slots=True)
class Change:
    """``what``: added, removed or changed; ``attribute`` with its old and new text where something changed."""

    what: str
    element: str
    id: str
    name: str
    attribute: str = ""
    old: str = ""
    new: str = ""


def diff(old: Graph, new: Graph) -> list[Change]:
    changes: list[Change] = []
    for before, after in ((old.nodes, new.nodes), (old.flows, new.flows)):
        for key, item in before.items():
            if key not in after:
                changes.append(Change("removed", _kind(item), key, item.name))
        for key, item in after.items():
            if key not in before:
                changes.append(Change("added", _kind(item), key, item.name))
            else:
                changes += _changed(before[key], item)
    return changes


def _kind(item: Node | Flow) -> str:
    return item.kind if isinstance(item, Node) else "sequenceFlow"


def _changed(before: Node | Flow, after: Node | Flow) -> list[Change]:
    found = []
    for field in fields(before):
        if field.name in _NOT_COMPARED:
            continue
        old, new = _text(getattr(before, field.name)), _text(getattr(after, field.name))
        if old != new:
            found.append(Change("changed", _kind(after), after.id, after.name, field.name, old, new))
    return found


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Value):
        return value.text
    if isinstance(value, dict):
        return ", ".join(f"{key}={_text(item)}" for key, item in value.items())
    if isinstance(value, (list, tuple)):
        return ", ".join(_text(item) for item in value)
    if hasattr(type(value), "__dataclass_fields__"):
        inner = ((field.name, _text(getattr(value, field.name))) for field in fields(value))
        return f"{type(value).__name__}({', '.join(f'{name}={text}' for name, text in inner if text)})"
    return str(value)
