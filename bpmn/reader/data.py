"""Data objects and properties become variables of their scope; associations copy them in and out of an activity."""

from __future__ import annotations

from lxml import etree

from bpmn.elements.expression import Value
from bpmn.elements.node import DataCopy
from bpmn.reader.source import Source, kid, kids, local_ref, text_of

# What Camunda Modeler writes to satisfy the schema when an association is only drawn.
_PLACEHOLDER = "__targetRef_placeholder"


def data_names(container: etree._Element) -> tuple[str, ...]:
    """Variable names: a data object by its name (spaces kept as FEEL allows them), else by its id."""
    names = [
        element.get("name") or element.get("id") or ""
        for local in ("dataObject", "property")
        for element in kids(container, local)
        if element.get("name") != _PLACEHOLDER
    ]
    return tuple(dict.fromkeys(names))


def read_copies(source: Source, node: etree._Element) -> tuple[tuple[DataCopy, ...], tuple[DataCopy, ...]]:
    return (
        tuple(_copies(source, node, "dataInputAssociation")),
        tuple(_copies(source, node, "dataOutputAssociation")),
    )


def _copies(source: Source, node: etree._Element, local: str) -> list[DataCopy]:
    found = []
    for element in kids(node, local):
        assignments = []
        for assignment in kids(element, "assignment"):
            expression = source.required(element, text_of(kid(assignment, "from")), "The assignment's source")
            assignments.append((expression, (text_of(kid(assignment, "to")) or "").lstrip("=").strip()))
        target = variable_name(source, text_of(kid(element, "targetRef")))
        origin = variable_name(source, text_of(kid(element, "sourceRef")))
        if assignments:
            found.append(DataCopy(None, target or "", tuple(assignments)))
        elif target and origin:
            found.append(DataCopy(Value(origin), target))
    return found


def variable_name(source: Source, reference: str | None) -> str | None:
    """The variable behind a data object (reference), property, data input or output; None for a drawing."""
    element = source.by_id.get(local_ref(reference))
    if element is None or element.get("name") == _PLACEHOLDER:
        return None
    referred = element.get("dataObjectRef")
    if referred is not None:
        element = source.by_id.get(local_ref(referred), element)
    if str(element.tag).endswith(("dataStoreReference", "dataStore")):
        return None
    return element.get("name") or element.get("id")
