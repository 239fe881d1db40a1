"""Ids and references: unique ids, and every reference to an element names one."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from bpmn import dialect
from bpmn.reader.source import Source, kids, local_ref, tag, text_of

# attribute -> the tags that it may name (empty: any element of the file)
ATTRIBUTES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "sourceRef": (),
        "targetRef": (),
        "attachedToRef": (),
        "activityRef": (),
        "processRef": ("process",),
        "dataObjectRef": ("dataObject",),
        "default": ("sequenceFlow",),
    }
)
CHILDREN: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"incoming": ("sequenceFlow",), "outgoing": ("sequenceFlow",), "flowNodeRef": ()}
)
_SKIPPED = ("relationship", "import", "definitions")


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
    for element in source.root.iter(f"{{{dialect.BPMN}}}*"):
        local = tag(element)[1]
        if local in _SKIPPED:
            continue
        for attribute, tags in ATTRIBUTES.items():
            written = element.get(attribute)
            if written is not None:
                _check(source, element, attribute, written, tags)
        for child, tags in CHILDREN.items():
            for reference in kids(element, child):
                _check(source, element, child, text_of(reference) or "", tags)
        if local == "sequenceFlow":
            for attribute in ("sourceRef", "targetRef"):
                if element.get(attribute) is None:
                    source.problem("flow-ends", element, f"The flow has no {attribute}.", "Connect the flow.")


def _check(source: Source, element, attribute: str, written: str, tags: tuple[str, ...]) -> None:  # type: ignore[no-untyped-def]
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
            f"Refer to a {' or '.join(tags)}.",
        )
