"""Element coverage: what the engine does not execute is refused here, never skipped."""

from __future__ import annotations

from lxml import etree

from bpmn.dialect import BPMN, RUNTIME_VENDORS, ZEEBE
from bpmn.reader.attribute_values import ATTRIBUTE_VALUES
from bpmn.reader.attributes import ATTRIBUTES
from bpmn.reader.children import CHILDREN
from bpmn.reader.source import Source, drawing, tag
from bpmn.reader.zeebe_elements import (
    NOTES,
    REFUSED_ATTRIBUTES,
    ZEEBE_ATTRIBUTES,
    ZEEBE_ELEMENTS,
    ZEEBE_REFUSED,
)


def check_coverage(source: Source) -> None:
    stack = [source.root]
    while stack:
        element = stack.pop()
        _attributes(source, element)
        children = CHILDREN.get(tag(element)[1])
        for child in element.iterchildren("{*}*"):
            namespace, local = tag(child)
            if namespace == BPMN and local == "extensionElements":
                _extensions(source, element, child)
            elif namespace == BPMN:
                if children is not None and local not in children:
                    source.problem(
                        "unsupported-element",
                        child,
                        f"{local} may not stand in {tag(element)[1]}, or is not executed.",
                        "Remove it, or model it with the elements of the coverage page.",
                    )
                elif local == "process" and drawing(child):
                    _value(source, child, "isExecutable")
                elif children is not None:
                    stack.append(child)
            elif namespace in RUNTIME_VENDORS:
                _vendor(source, child, namespace)


def _attributes(source: Source, element: etree._Element) -> None:
    local = tag(element)[1]
    known = ATTRIBUTES.get(local)
    for name in element.attrib:
        attribute = str(name)
        namespace = attribute[1:].partition("}")[0] if attribute.startswith("{") else ""
        if namespace in RUNTIME_VENDORS:
            _vendor(source, element, namespace)
        if known is not None and not namespace and attribute not in known:
            source.problem(
                "unknown-attribute",
                element,
                f"{local} has no attribute '{attribute}'.",
                f"Correct its name or remove it: {local} has {', '.join(known)}.",
            )
        _value(source, element, attribute)


def _value(source: Source, element: etree._Element, attribute: str) -> None:
    allowed = ATTRIBUTE_VALUES.get(attribute)
    if allowed is not None and str(element.get(attribute)).strip() not in allowed:
        source.problem(
            "attribute-value",
            element,
            f"{attribute} of {tag(element)[1]} is '{element.get(attribute)}'.",
            f"Write one of {', '.join(allowed)}.",
        )


def _vendor(source: Source, element: etree._Element, namespace: str) -> None:
    source.problem(
        "foreign-runtime",
        element,
        f"The element carries an instruction for {RUNTIME_VENDORS[namespace]}, which is not executed here.",
        "Say the same with zeebe: extension elements.",
    )


def _extension_attributes(source: Source, extension: etree._Element) -> None:
    """What Camunda adds in a later version would otherwise be deployed and do nothing."""
    for element in extension.iter("{*}*"):
        namespace, local = tag(element)
        known = ZEEBE_ATTRIBUTES.get(local) if namespace == ZEEBE else None
        if known is None:
            source.problem(
                "unknown-extension",
                element,
                f"{local} in zeebe:{tag(extension)[1]} is unknown.",
                "Use an extension of the coverage page.",
            )
            continue
        for name in map(str, element.attrib):
            refused = REFUSED_ATTRIBUTES.get((local, name))
            if refused is not None:
                source.problem(
                    "unsupported-extension", element, f"{name} of zeebe:{local} is not executed.", refused
                )
            elif name not in known and name not in NOTES and not name.startswith("{"):
                source.problem(
                    "unknown-extension",
                    element,
                    f"The attribute {name} of zeebe:{local} is unknown.",
                    "Remove it, or use an attribute of the coverage page.",
                )


def _extensions(source: Source, owner: etree._Element, extensions: etree._Element) -> None:
    local_owner = tag(owner)[1]
    for child in extensions.iterchildren("{*}*"):
        namespace, local = tag(child)
        if namespace in RUNTIME_VENDORS:
            _vendor(source, child, namespace)
        if namespace != ZEEBE:
            continue
        if local in ZEEBE_REFUSED:
            source.problem("unsupported-extension", child, f"zeebe:{local} is not executed.", ZEEBE_REFUSED[local])
            continue
        owners = ZEEBE_ELEMENTS.get(local)
        if owners is None:
            source.problem(
                "unknown-extension", child, f"zeebe:{local} is unknown.", "Use an extension of the coverage page."
            )
        else:
            _extension_attributes(source, child)
        if owners and local_owner not in owners and (len(child) or not local.endswith("Listeners")):
            source.problem(
                "misplaced-extension",
                child,
                f"zeebe:{local} has no meaning on {local_owner}.",
                "Move it to the element it belongs to.",
            )
