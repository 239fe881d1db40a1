"""The file's shared definitions: messages, signals, errors, escalations, and event definitions by reference."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree

from bpmn.elements.events import ErrorCode, Message, Signal
from bpmn.elements.expression import Value
from bpmn.reader.correlation import key_of, read_properties
from bpmn.reader.source import Source, kids, zeebe


@dataclass(slots=True)
class Shared:
    messages: dict[str, Message] = field(default_factory=dict)
    signals: dict[str, Signal] = field(default_factory=dict)
    errors: dict[str, ErrorCode] = field(default_factory=dict)
    escalations: dict[str, ErrorCode] = field(default_factory=dict)


def read_shared(source: Source) -> Shared:
    shared = Shared()
    properties = read_properties(source)
    for element in kids(source.root, "message"):
        subscription = zeebe(element, "subscription")
        key = None
        if subscription is not None:
            key = source.required(element, subscription.get("correlationKey"), "The correlation key")
        name = source.value(element, _name(element), "The message name") or Value("")
        identity = element.get("id", "")
        paths = tuple(properties[one][identity] for one in key_of(source, properties, identity))
        shared.messages[identity] = Message(identity, name, key, paths)
    for element in kids(source.root, "signal"):
        signal = source.value(element, _name(element), "The signal name") or Value("")
        shared.signals[element.get("id", "")] = Signal(element.get("id", ""), signal)
    for kind, table in (("error", shared.errors), ("escalation", shared.escalations)):
        for element in kids(source.root, kind):
            code = source.value(element, element.get(f"{kind}Code") or None, f"The {kind} code")
            table[element.get("id", "")] = ErrorCode(element.get("id", ""), element.get("name", ""), code)
    return shared


def _name(element: etree._Element) -> str | None:
    """Names are optional in the schema: what has none is matched by its id, within the file."""
    return element.get("name") or element.get("id")
