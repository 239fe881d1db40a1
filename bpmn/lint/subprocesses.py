"""Rules about subprocesses."""

from __future__ import annotations

from collections.abc import Iterator

from bpmn.elements.kinds import ACTIVITIES
from bpmn.elements.node import Container
from bpmn.errors import Problem
from bpmn.lint.problem import at, begin
from bpmn.model import Graph


def event_subprocesses(graph: Graph) -> Iterator[Problem]:
    """§10.3.5: no flows, and one start event with a trigger."""
    for node in graph.nodes.values():
        if node.kind != "eventSubProcess":
            continue
        if node.incoming or node.outgoing:
            yield at("event-subprocess-flow", node, "A flow is connected to the event subprocess.", "Remove the flow.")
        if node.loop is not None:
            yield at("event-subprocess-loop", node, "An event subprocess runs once for each event.", "Remove the loop.")
        if node.boundaries:
            yield at("event-subprocess-boundary", node, "It carries a boundary event.", "Remove the boundary event.")
        if node.container is not None and len(node.container.starts) != 1:
            yield at(
                "event-subprocess-start",
                node,
                f"The event subprocess has {len(node.container.starts)} start events.",
                "Draw exactly one start event with a trigger.",
            )


def embedded_starts(graph: Graph) -> Iterator[Problem]:
    """§10.5.2: the flow of the parent starts it; more than one start event would leave open which."""
    for node in graph.nodes.values():
        container: Container | None = node.container
        if container is None or node.kind not in ("subProcess", "transaction"):
            continue
        if len(container.starts) > 1:
            yield at("subprocess-start", node, "The subprocess has several start events.", "Keep one none start event.")
        if container.nodes and not container.initial:
            yield at("subprocess-start", node, "Nothing in the subprocess can start.", "Draw a start event.")


def ad_hoc_content(graph: Graph) -> Iterator[Problem]:
    """§10.3.5: no start or end events, and something to do."""
    for node in graph.nodes.values():
        if node.kind != "adHocSubProcess" or node.container is None:
            continue
        inside = [graph.nodes[key] for key in node.container.nodes if key in graph.nodes]
        for child in inside:
            if child.kind in ("startEvent", "endEvent"):
                sentence = f"{begin(child.kind)} may not stand in an ad-hoc subprocess."
                yield at("ad-hoc-events", child, sentence, "Remove it.")
        if not any(child.kind in ACTIVITIES for child in inside):
            yield at("ad-hoc-empty", node, "The ad-hoc subprocess holds no activity.", "Draw at least one activity.")
