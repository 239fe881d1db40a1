"""Which processes a message or signal starts, and which of a start event's definitions it meets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bpmn.elements.details import Receive
from bpmn.elements.events import MessageDefinition, SignalDefinition
from bpmn.elements.node import Node
from bpmn.model import Graph


@dataclass(frozen=True, slots=True)
class Start:
    """``definition`` as ``InstanceStarted`` has it: None unless the start event waits for several to come."""

    process_id: str
    start_event: str
    definition: int | None = None


def started_by_message(graph: Graph, name: str) -> Iterator[Start]:
    """One start of each process: the first in document order that the message fits."""
    return _started(graph, name, _message)


def started_by_signal(graph: Graph, name: str) -> Iterator[Start]:
    return _started(graph, name, _signal)


def _started(graph: Graph, name: str, names: Callable[[Node], list[str | None]]) -> Iterator[Start]:
    for process in graph.processes.values():
        container = process.container
        for key in (*container.starts, *container.instantiating):
            node = graph.nodes[key]
            known = names(node)
            if name in known:
                several = node.parallel_multiple and len(node.events) > 1
                yield Start(process.id, key, known.index(name) if several else None)
                break


def _message(node: Node) -> list[str | None]:
    """By definition. The names are literals: no instance is there yet whose variables an expression could read."""
    if isinstance(node.detail, Receive):
        return [node.detail.message.name.text]
    return [event.message.name.text if isinstance(event, MessageDefinition) else None for event in node.events]


def _signal(node: Node) -> list[str | None]:
    return [event.signal.name.text if isinstance(event, SignalDefinition) else None for event in node.events]
