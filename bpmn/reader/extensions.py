"""``zeebe:`` extension elements that any node may have: io mapping, properties, task definition, headers."""

from __future__ import annotations

import json

from lxml import etree

from bpmn import dialect
from bpmn.elements.details import Job
from bpmn.elements.expression import Value
from bpmn.elements.node import DeadlinePlan, IoMapping
from bpmn.reader.source import Source, kids, zeebe


def read_mappings(source: Source, node: etree._Element, local: str) -> tuple[IoMapping, ...]:
    mapping = zeebe(node, "ioMapping")
    if mapping is None:
        return ()
    found = []
    for element in kids(mapping, local, dialect.ZEEBE):
        target = (element.get("target") or "").strip()
        if not target or any(not part for part in target.split(".")):
            source.problem("mapping-target", element, f"'{target}' is no variable name.", "Name the target variable.")
            continue
        written = element.get("source")
        value = Value("=null") if not written else source.value(element, written, f"The source of '{target}'")
        if written and value is not None:
            found.append(IoMapping(value, tuple(target.split("."))))
        elif value is not None:
            found.append(IoMapping(source.value(element, "=null", "The source") or value, tuple(target.split("."))))
    return tuple(found)


def read_properties(source: Source, node: etree._Element) -> dict[str, Value]:
    found: dict[str, Value] = {}
    properties = zeebe(node, "properties")
    if properties is not None:
        for element in kids(properties, "property", dialect.ZEEBE):
            name = element.get("name") or ""
            found[name] = source.value(element, element.get("value") or "", f"Property '{name}'") or Value("")
    return found


def read_job(source: Source, node: etree._Element) -> Job | None:
    definition = zeebe(node, "taskDefinition")
    if definition is None:
        return None
    kind = source.value(definition, definition.get("type"), "The task type")
    if kind is None or not kind.text:
        source.problem("task-type", definition, "The task definition has no type.", "Name the task type.")
    retries = source.value(definition, definition.get("retries") or "3", "Retries")
    priority = read_priority(source, node)
    headers = (*read_headers(node), *_linked_resources(node))
    return Job(kind or Value(""), retries or Value("3"), headers, priority)


def read_priority(source: Source, node: etree._Element) -> Value | None:
    """The element's own, else that of the process around it."""
    owner: etree._Element | None = node
    while owner is not None and zeebe(owner, "jobPriorityDefinition") is None:
        owner = owner.getparent()
    written = None if owner is None else zeebe(owner, "jobPriorityDefinition")
    return None if written is None else source.value(written, written.get("priority"), "The job's priority")


def read_headers(node: etree._Element) -> tuple[tuple[str, str], ...]:
    return headers_of(zeebe(node, "taskHeaders"))


def headers_of(headers: etree._Element | None) -> tuple[tuple[str, str], ...]:
    if headers is None:
        return ()
    return tuple(
        (element.get("key") or "", element.get("value") or "") for element in kids(headers, "header", dialect.ZEEBE)
    )


def _linked_resources(node: etree._Element) -> tuple[tuple[str, str], ...]:
    """As Zeebe hands them to a worker: one header, a JSON list of what the model says of each."""
    linked = zeebe(node, "linkedResources")
    if linked is None:
        return ()
    listed = [dict(element.attrib) for element in kids(linked, "linkedResource", dialect.ZEEBE)]
    return (("linkedResources", json.dumps(listed, ensure_ascii=False)),)


def deadline_plan(properties: dict[str, Value]) -> DeadlinePlan | None:
    if not any(name in dialect.DEADLINE_PROPERTIES for name in properties):
        return None
    scope = properties.get(dialect.DEADLINE_SCOPE)
    return DeadlinePlan(
        own=properties.get(dialect.DEADLINE),
        starts=properties.get(dialect.STARTS_DEADLINE),
        scope=scope.text if scope else "",
        since=properties.get(dialect.DEADLINE_FROM),
        limit=properties.get(dialect.DEADLINE_LIMIT),
        ends=properties.get(dialect.ENDS_DEADLINE),
        cancels=properties.get(dialect.CANCELS_DEADLINE),
        pauses=properties.get(dialect.PAUSES_DEADLINE),
        extends=properties.get(dialect.EXTENDS_DEADLINE),
        extend_by=properties.get(dialect.EXTEND_BY),
        extend_reason=properties.get(dialect.EXTEND_REASON),
    )
