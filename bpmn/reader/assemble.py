"""From field tables to the frozen graph: flows attached, boundaries, handlers, links and lanes resolved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lxml import etree

from bpmn import dialect
from bpmn.elements.events import CompensateDefinition, LinkDefinition
from bpmn.elements.kinds import ACTIVITIES, FLOW_NODES, GLOBAL_TASKS
from bpmn.elements.node import Container, Flow, Node
from bpmn.elements.reach import reachability
from bpmn.model import Graph, MessageFlow, Process
from bpmn.reader.correlation import read_subscriptions
from bpmn.reader.embedded_forms import read_forms
from bpmn.reader.extensions import read_properties
from bpmn.reader.lanes import read_lanes
from bpmn.reader.listeners import read_listeners
from bpmn.reader.nodes import Found, read_global_task, read_nodes
from bpmn.reader.shared import read_shared
from bpmn.reader.source import Source, drawing, kids, line_of, local_ref, tag, zeebe


def assemble(source: Source, digest: str, name: str) -> Graph:
    shared = read_shared(source)
    found = Found()
    elements = [element for element in kids(source.root, "process") if not drawing(element)]
    # An empty pool beside a process shows somebody of whom nothing is known.
    elements = [element for element in elements if any(tag(one)[1] in FLOW_NODES for one in element)] or elements
    tasks = [element for element in source.root if tag(element)[1] in GLOBAL_TASKS]
    if not elements and not tasks:
        source.problem(
            "executable-process", source.root, "The file holds no executable process.", "Set isExecutable to true."
        )
    for element in elements:
        read_nodes(source, shared, element, element.get("id", ""), found)
        read_lanes(source, element, found.nodes)
    for element in tasks:
        read_global_task(source, shared, element, GLOBAL_TASKS[tag(element)[1]], found)
    for element in kids(source.root, "collaboration"):
        found.associations += [
            (local_ref(link.get("sourceRef")), local_ref(link.get("targetRef")))
            for link in kids(element, "association")
        ]
    _connect(source, found)
    containers = {parent: _container(found, parent) for parent in found.children}
    nodes = {
        node_id: Node(**fields, container=containers.get(node_id) if fields["parent"] != node_id else None)
        for node_id, fields in ((key, _finish(table)) for key, table in found.nodes.items())
    }
    flows = {key: flow for key, flow in found.flows.items() if flow.source in nodes and flow.target in nodes}
    positions = {key: position for position, key in enumerate(nodes)}
    return Graph(
        hash=digest,
        name=name,
        processes={
            element.get("id", ""): _process(source, element, containers[element.get("id", "")])
            for element in (*elements, *tasks)
        },
        nodes=nodes,
        flows=flows,
        positions=positions,
        reach=reachability(nodes, positions),
        messages=shared.messages,
        signals=shared.signals,
        errors=shared.errors,
        escalations=shared.escalations,
        message_flows=_message_flows(source, nodes),
    )


def _connect(source: Source, found: Found) -> None:
    outgoing: dict[str, list[Flow]] = {key: [] for key in found.nodes}
    incoming: dict[str, list[Flow]] = {key: [] for key in found.nodes}
    for flow in found.flows.values():
        ends = (found.nodes.get(flow.source), found.nodes.get(flow.target))
        if ends[0] is None or ends[1] is None:
            if flow.source in source.by_id and flow.target in source.by_id:
                source.problem(
                    "flow-ends", source.by_id[flow.id], "The flow does not join two flow nodes.", "Reconnect the flow."
                )
            continue
        outgoing[flow.source].append(flow)
        incoming[flow.target].append(flow)
        if not ends[0]["parent"] == ends[1]["parent"] == found.flow_parents[flow.id]:
            source.problem(
                "flow-scope",
                source.by_id[flow.id],
                "The flow crosses the border of a process or subprocess.",
                "Keep both ends and the flow in one scope; use a message, link or boundary event.",
            )
    partners, catches = _partners(found), _link_catches(found)
    for key, fields in found.nodes.items():
        written = fields.pop("written_outgoing")
        # The metamodel orders a node's outgoing flows; files that leave the list out have the flows' own order.
        order = {flow: index for index, flow in enumerate(written)}
        fields["outgoing"] = tuple(sorted(outgoing[key], key=lambda flow: order.get(flow.id, len(order))))
        fields["incoming"] = tuple(incoming[key])
        host = found.nodes.get(fields["attached_to"] or "")
        if host is not None and fields["kind"] == "boundaryEvent":
            if any(isinstance(event, CompensateDefinition) for event in fields["events"]):
                host["compensation_handler"] = partners.get(key)
            host["boundaries"] = (*host.get("boundaries", ()), key)
        if fields["kind"] == "intermediateThrowEvent":
            fields["link_target"] = _link_target(catches, fields)


def _partners(found: Found) -> dict[str, str]:
    """The flow node at the other end of a node's first association, whichever way it was drawn."""
    partners: dict[str, str] = {}
    for first, second in found.associations:
        for here, there in ((first, second), (second, first)):
            if there in found.nodes:
                partners.setdefault(here, there)
    return partners


def _link_catches(found: Found) -> dict[tuple[str, str], str]:
    catches: dict[tuple[str, str], str] = {}
    for key, fields in found.nodes.items():
        for event in fields["events"] if fields["kind"] == "intermediateCatchEvent" else ():
            if isinstance(event, LinkDefinition):
                catches.setdefault((fields["parent"], event.name), key)
    return catches


def _link_target(catches: Mapping[tuple[str, str], str], fields: dict[str, Any]) -> str | None:
    names = [event.name for event in fields["events"] if isinstance(event, LinkDefinition)]
    return catches.get((fields["parent"], names[0])) if names else None


def _container(found: Found, parent: str) -> Container:
    children = found.children[parent]
    starts = tuple(key for key in children if found.nodes[key]["kind"] == "startEvent")
    subprocesses = [key for key in children if found.nodes[key]["kind"] == "eventSubProcess"]
    compensation = [key for key in subprocesses if _is_compensation(found, key)]
    none_starts = tuple(key for key in starts if not found.nodes[key]["events"])
    return Container(
        nodes=tuple(children),
        initial=_initial(found, parent, starts, none_starts),
        starts=starts,
        event_subprocesses=tuple(key for key in subprocesses if key not in compensation),
        compensation_subprocess=compensation[0] if compensation else None,
        data=found.data[parent],
        instantiating=_instantiating(found, children),
    )


def _instantiating(found: Found, children: list[str]) -> dict[str, tuple[str, ...]]:
    """§10.6.6: a parallel instantiating gateway starts by its first event and waits for all the others."""
    starts: dict[str, tuple[str, ...]] = {}
    for key in children:
        fields = found.nodes[key]
        if not fields["instantiates"] or fields["incoming"]:
            continue
        if fields["kind"] == "receiveTask":
            starts[key] = ()
        targets = [flow.target for flow in fields["outgoing"]] if fields["kind"] == "eventBasedGateway" else []
        for target in targets:
            others = tuple(other for other in targets if other != target)
            starts[target] = others if fields["parallel_race"] else ()
    return starts


def _initial(found: Found, parent: str, starts: tuple[str, ...], none_starts: tuple[str, ...]) -> tuple[str, ...]:
    if not starts:
        return tuple(_implicit_starts(found, found.children[parent]))
    if parent in found.nodes:
        return (none_starts or starts)[:1]
    # A process without a none start event starts by its events only.
    return none_starts[:1]


def _implicit_starts(found: Found, children: list[str]) -> list[str]:
    """§13.2: without a start event every node without incoming flow starts."""
    unstartable = ("boundaryEvent", "eventSubProcess")
    return [
        key
        for key in children
        if not found.nodes[key]["incoming"]
        and found.nodes[key]["kind"] not in unstartable
        and not found.nodes[key]["for_compensation"]
        and not _is_link_catch(found.nodes[key])
    ]


def _is_link_catch(fields: dict[str, Any]) -> bool:
    return fields["kind"] == "intermediateCatchEvent" and any(
        isinstance(event, LinkDefinition) for event in fields["events"]
    )


def _is_compensation(found: Found, key: str) -> bool:
    return any(
        isinstance(event, CompensateDefinition)
        for child in found.children[key]
        if found.nodes[child]["kind"] == "startEvent"
        for event in found.nodes[child]["events"]
    )


def _finish(fields: dict[str, Any]) -> dict[str, Any]:
    gateway = fields["kind"].endswith("Gateway")
    conditional = any(flow.condition is not None for flow in fields["outgoing"]) and not gateway
    busy = (
        "inputs",
        "outputs",
        "data_inputs",
        "data_outputs",
        "local_data",
        "start_listeners",
        "end_listeners",
        "deadlines",
        "loop",
        "boundaries",
        "job",
        "events",
    )
    simple = not any(fields.get(key) for key in busy) and fields["start_quantity"] == 1
    return {
        **fields,
        "conditional_flows": conditional,
        "simple": simple and fields["completion_quantity"] == 1 and fields["kind"] not in ACTIVITIES,
    }


def _process(source: Source, element: etree._Element, container: Container) -> Process:
    properties = read_properties(source, element)
    version = zeebe(element, "versionTag")
    zone = properties.get(dialect.TIME_ZONE)
    return Process(
        id=element.get("id", ""),
        name=element.get("name", ""),
        line=line_of(element),
        executable=True,
        version_tag=None if version is None else version.get("value"),
        zone=zone.text if zone else dialect.DEFAULT_ZONE,
        container=container,
        properties=properties,
        correlations=read_subscriptions(source, element),
        start_listeners=read_listeners(source, element, "start"),
        end_listeners=read_listeners(source, element, "end"),
        forms=read_forms(source, element),
    )


def _message_flows(source: Source, nodes: Mapping[str, Node]) -> tuple[MessageFlow, ...]:
    pools = {
        participant.get("id", ""): local_ref(participant.get("processRef"))
        for collaboration in kids(source.root, "collaboration")
        for participant in kids(collaboration, "participant")
    }

    def pool(reference: str) -> str:
        return nodes[reference].process if reference in nodes else pools.get(reference, "")

    found = []
    for collaboration in kids(source.root, "collaboration"):
        for flow in kids(collaboration, "messageFlow"):
            ends = local_ref(flow.get("sourceRef")), local_ref(flow.get("targetRef"))
            found.append(MessageFlow(flow.get("id", ""), *ends, line_of(flow), (pool(ends[0]), pool(ends[1]))))
    return tuple(found)
