"""Data objects and properties become variables of their scope; associations copy them in and out of an activity."""

from __future__ import annotations

from lxml import etree

from bpmn.elements.expression import Value
from bpmn.elements.node import DataCopy
from bpmn.reader.source import Source, kid, kids, local_ref, tag, text_of

# What Camunda Modeler writes to satisfy the schema when an association is only drawn.
_PLACEHOLDER = "__targetRef_placeholder"


def data_names(source: Source, container: etree._Element) -> tuple[str, ...]:
    """Variable names of a process or subprocess, spaces kept as FEEL allows them."""
    names = [
        _name(source, element)
        for local in ("dataObject", "property")
        for element in kids(container, local)
        if element.get("name") != _PLACEHOLDER
    ]
    return tuple(dict.fromkeys(names))


def local_names(source: Source, node: etree._Element) -> tuple[str, ...]:
    """What belongs to a task or event itself."""
    return tuple(_name(source, element) for element in kids(node, "property") if element.get("name") != _PLACEHOLDER)


def _name(source: Source, element: etree._Element) -> str:
    """Its name; of a data object drawn without one, the name that its first reference shows; else its id."""
    identity = element.get("id") or ""
    shown = source.shown.get(identity) if tag(element)[1] == "dataObject" else None
    return element.get("name") or shown or identity


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
            given = source.written(kid(assignment, "from"))
            expression = source.value(element, given, "The assignment's source")
            if expression is None or not given:
                source.problem(
                    "data-association", element, "The assignment assigns nothing.", "Write a value or an expression."
                )
                continue
            written = (text_of(kid(assignment, "to")) or "").lstrip("=").strip()
            head, dot, rest = written.partition(".")
            assignments.append((expression, written, f"{variable_name(source, head) or head}{dot}{rest}"))
        target = variable_name(source, text_of(kid(element, "targetRef")))
        origins = [variable_name(source, text_of(reference)) for reference in kids(element, "sourceRef")]
        made = kid(element, "transformation")
        transformation = None if made is None else source.required(element, source.written(made), "The transformation")
        if transformation is None and len(origins) > 1:
            source.problem(
                "data-association",
                element,
                "The association has several sources and no transformation that makes one value of them.",
                "Write a transformation, or one association for each source.",
            )
        if transformation is not None and not target:
            source.problem(
                "data-association", element, "The transformation leads to nothing.", "Name a target that holds data."
            )
        origin = origins[0] if origins and transformation is None and not assignments else None
        if transformation is not None or assignments or (target and origin):
            copied = Value(origin) if origin else None
            found.append(DataCopy(copied, target or "", tuple(assignments), transformation))
    return found


def variable_name(source: Source, reference: str | None) -> str | None:
    """The variable behind a data object or store (reference), property, data input or output; None for a drawing."""
    element = source.by_id.get(local_ref(reference))
    if element is None or element.get("name") == _PLACEHOLDER:
        return None
    referred = element.get("dataObjectRef") or element.get("dataStoreRef")
    if referred is not None:
        element = source.by_id.get(local_ref(referred), element)
    return _name(source, element)
