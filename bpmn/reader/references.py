"""Ids and references: unique ids, ids for what has none, and every reference to an element names one."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from lxml import etree

from bpmn import dialect
from bpmn.elements.kinds import ACTIVITIES, FLOW_NODES
from bpmn.reader.source import Source, kids, local_ref, tag, text_of

# attribute -> the tags that it may name (empty: any element of the file)
ATTRIBUTES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "sourceRef": (),
        "targetRef": (),
        "attachedToRef": (),
        "activityRef": tuple(sorted(ACTIVITIES)),
        "processRef": ("process",),
        "dataObjectRef": ("dataObject",),
        "dataStoreRef": ("dataStore",),
        "default": ("sequenceFlow",),
    }
)
_EVENT_DEFINITIONS = tuple(
    f"{kind}EventDefinition" for kind in ("signal", "error", "escalation", "message", "compensate")
)
_DATA = ("dataInput", "dataOutput", "dataObject", "dataObjectReference", "property", "dataStoreReference")
CHILDREN: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "incoming": ("sequenceFlow",),
        "outgoing": ("sequenceFlow",),
        "flowNodeRef": tuple(sorted(FLOW_NODES)),
        "dataInputRefs": ("dataInput",),
        "dataOutputRefs": ("dataOutput",),
        "optionalInputRefs": ("dataInput",),
        "optionalOutputRefs": ("dataOutput",),
        "loopDataInputRef": (),
        "loopDataOutputRef": (),
    }
)
# Where only elements of these owners name others by that attribute or child.
OWNED: Mapping[tuple[str, str], tuple[str, ...]] = MappingProxyType(
    {
        ("multiInstanceLoopCharacteristics", "oneBehaviorEventRef"): _EVENT_DEFINITIONS,
        ("multiInstanceLoopCharacteristics", "noneBehaviorEventRef"): _EVENT_DEFINITIONS,
        ("messageFlow", "messageRef"): ("message",),
        ("dataInputAssociation", "sourceRef"): _DATA,
        ("dataInputAssociation", "targetRef"): _DATA,
        ("dataOutputAssociation", "sourceRef"): _DATA,
        ("dataOutputAssociation", "targetRef"): _DATA,
    }
)
_SKIPPED = ("relationship", "import", "definitions")
_NAMED = FLOW_NODES | {"sequenceFlow", "dataObject", "property", "messageFlow"}


def check_references(source: Source) -> None:
    for element in source.root.iter("{*}*"):
        namespace, local = tag(element)
        identity = element.get("id")
        if namespace == dialect.BPMN and identity:
            if identity in source.by_id:
                source.problem(
                    "unique-id", element, f"The id '{identity}' is used twice.", "Give each element its own id."
                )
            source.by_id[identity] = element
    _name_the_nameless(source)
    for element in source.root.iter(f"{{{dialect.BPMN}}}*"):
        local = tag(element)[1]
        if local in _SKIPPED:
            continue
        for attribute, tags in ATTRIBUTES.items():
            written = element.get(attribute)
            if written is not None:
                _check(source, element, attribute, written, tags)
        for child, tags in CHILDREN.items():
            for named in kids(element, child):
                _check(source, element, child, text_of(named) or "", tags)
        for (owner, name), tags in OWNED.items():
            if owner == local:
                for reference in (element.get(name), *(text_of(child) for child in kids(element, name))):
                    if reference is not None:
                        _check(source, element, name, reference, tags)
        for child, end in (("incoming", "targetRef"), ("outgoing", "sourceRef")):
            for named in kids(element, child):
                flow = source.by_id.get(local_ref(text_of(named)))
                if flow is None or tag(flow)[1] != "sequenceFlow":
                    continue
                if local_ref(flow.get(end)) != element.get("id"):
                    source.problem(
                        "flow-listing",
                        element,
                        f"{child} names the flow '{flow.get('id')}', whose {end} is '{flow.get(end)}'.",
                        "Correct the list, or reconnect the flow.",
                    )
        if local == "sequenceFlow":
            for attribute in ("sourceRef", "targetRef"):
                if element.get(attribute) is None:
                    source.problem("flow-ends", element, f"The flow has no {attribute}.", "Connect the flow.")


def _name_the_nameless(source: Source) -> None:
    """Ids are optional in the schema (§8.3.1); the engine needs one to stand a token on."""
    number = 0
    for element in source.root.iter(f"{{{dialect.BPMN}}}*"):
        local = tag(element)[1]
        if local in _NAMED and not element.get("id"):
            number += 1
            while f"{local}-{number}" in source.by_id:
                number += 1
            element.set("id", f"{local}-{number}")
            source.by_id[f"{local}-{number}"] = element
        elif local == "process" and not element.get("id"):
            source.problem("process-id", element, "The process has no id, so nothing can start it.", "Give it an id.")


def _check(source: Source, element: etree._Element, attribute: str, written: str, tags: tuple[str, ...]) -> None:
    found = source.by_id.get(local_ref(written))
    if found is None:
        source.problem(
            "dangling-reference",
            element,
            f"{attribute} '{written}' names no element of the file.",
            "Correct the reference, or draw the missing element.",
        )
    elif tags and tag(found)[1] not in tags:
        source.problem(
            "wrong-reference",
            element,
            f"{attribute} '{written}' names a {tag(found)[1]}.",
            "Refer to an element of the right kind." if len(tags) > 3 else f"Refer to a {' or '.join(tags)}.",
        )
