"""Correlation in the standard's own words (§8.4.2): keys of properties, found in messages and in the process.

A correlation property says where each message has it, a key groups properties, and the subscription of a process says
where the process has them. The key of a message is the values of one correlation key's properties, with a comma between
several.
"""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from bpmn.dialect import BPMN
from bpmn.elements.expression import Value
from bpmn.reader.source import Source, kid, kids, local_ref, text_of

# property id -> message id -> where the message has it
Properties = Mapping[str, Mapping[str, Value]]


def read_properties(source: Source) -> Properties:
    found: dict[str, dict[str, Value]] = {}
    for element in kids(source.root, "correlationProperty"):
        paths = found.setdefault(element.get("id", ""), {})
        for retrieval in kids(element, "correlationPropertyRetrievalExpression"):
            written = source.written(kid(retrieval, "messagePath"))
            paths[local_ref(retrieval.get("messageRef"))] = source.required(retrieval, written, "The message path")
    return found


def key_of(source: Source, properties: Properties, message: str) -> tuple[str, ...]:
    """The properties of the first key that this message has all of; without a key the first property alone."""
    for key in source.root.iter(f"{{{BPMN}}}correlationKey"):
        names = _names(key)
        if names and all(message in properties.get(name, {}) for name in names):
            return names
    return next(((name,) for name, paths in properties.items() if message in paths), ())


def read_subscriptions(source: Source, process: etree._Element) -> dict[str, tuple[Value, ...]]:
    """Message id -> the values that a message's key must have to be one for this process."""
    properties = read_properties(source)
    found: dict[str, tuple[Value, ...]] = {}
    for subscription in kids(process, "correlationSubscription"):
        reference = local_ref(subscription.get("correlationKeyRef"))
        key = source.by_id.get(reference)
        if key is None:
            source.problem(
                "dangling-reference",
                subscription,
                f"correlationKeyRef '{reference}' names no correlation key of the file.",
                "Refer to a correlationKey of the collaboration.",
            )
            continue
        held = {
            local_ref(binding.get("correlationPropertyRef")): source.required(
                binding, source.written(kid(binding, "dataPath")), "The data path"
            )
            for binding in kids(subscription, "correlationPropertyBinding")
        }
        names = _names(key)
        for missing in (name for name in names if name not in held):
            source.problem(
                "correlation",
                subscription,
                f"The subscription does not say where the process has the property '{missing}' of its key.",
                "Add a correlationPropertyBinding.",
            )
        for message in {message: None for name in names for message in properties.get(name, {})}:
            if all(message in properties.get(name, {}) for name in names):
                found.setdefault(message, tuple(held[name] for name in names if name in held))
    return found


def _names(key: etree._Element) -> tuple[str, ...]:
    return tuple(local_ref(text_of(child)) for child in kids(key, "correlationPropertyRef"))
