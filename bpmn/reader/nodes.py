"""Flow nodes and sequence flows of one container, and of the containers in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from bpmn import dialect
from bpmn.elements.kinds import ALIASES, CONTAINERS, EVENTS, FLOW_NODES
from bpmn.elements.node import Flow
from bpmn.reader.data import data_names, local_names, read_copies
from bpmn.reader.details import read_detail
from bpmn.reader.events import read_events
from bpmn.reader.extensions import deadline_plan, read_job, read_mappings, read_properties
from bpmn.reader.listeners import read_listeners
from bpmn.reader.loops import read_loop
from bpmn.reader.shared import Shared
from bpmn.reader.source import Source, flag, kid, kids, line_of, local_ref, tag, text_of


@dataclass(slots=True)
class Found:
    """Nodes as field tables (frozen later, when flows and attachments are known), and flows, in document order."""

    nodes: dict[str, dict[str, Any]] = field(default_factory=dict)
    flows: dict[str, Flow] = field(default_factory=dict)
    flow_parents: dict[str, str] = field(default_factory=dict)
    children: dict[str, list[str]] = field(default_factory=dict)
    data: dict[str, tuple[str, ...]] = field(default_factory=dict)
    associations: list[tuple[str, str]] = field(default_factory=list)


def read_nodes(source: Source, shared: Shared, container: etree._Element, process: str, found: Found) -> None:
    parent = container.get("id", "")
    found.children[parent] = []
    found.data[parent] = data_names(source, container)
    for element in container:
        namespace, local = tag(element)
        if namespace != dialect.BPMN:
            continue
        if local in FLOW_NODES:
            found.children[parent].append(element.get("id", ""))
            found.nodes[element.get("id", "")] = _node(source, shared, element, local, process, parent)
            if local in CONTAINERS:
                read_nodes(source, shared, element, process, found)
        elif local == "sequenceFlow":
            flow = _flow(source, element)
            found.flows[flow.id] = flow
            found.flow_parents[flow.id] = parent
        elif local == "association":
            found.associations.append((local_ref(element.get("sourceRef")), local_ref(element.get("targetRef"))))


def read_global_task(source: Source, shared: Shared, element: etree._Element, kind: str, found: Found) -> None:
    """A process of one task: both have the id of the global task."""
    name = element.get("id", "")
    found.children[name] = [name]
    found.data[name] = ()
    found.nodes[name] = _node(source, shared, element, kind, name, name)


def _flow(source: Source, element: etree._Element) -> Flow:
    condition = kid(element, "conditionExpression")
    written = source.written(condition)
    return Flow(
        id=element.get("id", ""),
        name=element.get("name", ""),
        source=local_ref(element.get("sourceRef")),
        target=local_ref(element.get("targetRef")),
        condition=source.required(element, written, "The condition") if condition is not None else None,
        line=line_of(element),
    )


def _node(
    source: Source, shared: Shared, element: etree._Element, kind: str, process: str, parent: str
) -> dict[str, Any]:
    properties = read_properties(source, element)
    kind = ALIASES.get(kind, kind)
    event_subprocess = kind == "subProcess" and flag(element, "triggeredByEvent", False)
    if kind in CONTAINERS and kind != "subProcess" and flag(element, "triggeredByEvent", False):
        source.problem(
            "event-subprocess-kind",
            element,
            f"triggeredByEvent stands on {kind}: only a plain subprocess is an event subprocess.",
            "Draw a subProcess, with the other inside it.",
        )
    events = read_events(source, shared, element) if kind in EVENTS else ()
    inputs, outputs = read_copies(source, element)
    return {
        "id": element.get("id", ""),
        "name": element.get("name", ""),
        "kind": "eventSubProcess" if event_subprocess else kind,
        "line": line_of(element),
        "process": process,
        "parent": parent,
        "default": local_ref(element.get("default")) or None,
        "events": events,
        "parallel_multiple": flag(element, "parallelMultiple", False),
        "interrupting": flag(element, "cancelActivity" if kind == "boundaryEvent" else "isInterrupting", True),
        "attached_to": local_ref(element.get("attachedToRef")) or None,
        "for_compensation": flag(element, "isForCompensation", False),
        "loop": read_loop(source, shared, element),
        "inputs": read_mappings(source, element, "input"),
        "outputs": read_mappings(source, element, "output"),
        "data_inputs": inputs,
        "data_outputs": outputs,
        "local_data": local_names(source, element) if kind not in CONTAINERS else (),
        "properties": properties,
        "deadlines": deadline_plan(properties),
        "detail": read_detail(source, shared, element, kind),
        "job": read_job(source, element) if kind in EVENTS else None,
        "start_listeners": read_listeners(source, element, "start"),
        "end_listeners": read_listeners(source, element, "end"),
        "start_quantity": _quantity(source, element, "startQuantity"),
        "completion_quantity": _quantity(source, element, "completionQuantity"),
        "direction": element.get("gatewayDirection"),
        "parallel_race": element.get("eventGatewayType") == "Parallel",
        "instantiates": flag(element, "instantiate", False),
        "written_outgoing": [local_ref(text_of(child)) for child in kids(element, "outgoing")],
    }


def _quantity(source: Source, element: etree._Element, attribute: str) -> int:
    written = (element.get(attribute) or "1").strip()
    if not written.isascii() or not written.isdigit() or int(written) < 1 or int(written) > 1000:
        source.problem("quantity", element, f"{attribute} is '{written}'.", "Write a whole number from 1 to 1000.")
        return 1
    return int(written)
