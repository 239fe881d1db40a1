"""A deployed file: parsed once, shared by every execution that runs it, never changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bpmn.elements.details import Job
from bpmn.elements.events import ErrorCode, Message, Signal
from bpmn.elements.expression import Value
from bpmn.elements.node import Container, Flow, Node
from bpmn.elements.reach import Reach


@dataclass(frozen=True, slots=True)
class Process:
    id: str
    name: str
    line: int
    executable: bool
    version_tag: str | None
    zone: str
    container: Container
    properties: Mapping[str, Value] = field(default_factory=dict)
    # message id -> where the process has the key of the conversation that it waits for messages of (§8.4.2)
    correlations: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)
    start_listeners: tuple[Job, ...] = ()
    end_listeners: tuple[Job, ...] = ()
    # id -> JSON of the forms that stand in the process itself
    forms: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MessageFlow:
    """Between participants, or a participant and a node. A drawing: matching goes by message name and key.

    ``pools`` are the processes of its two ends, empty for a participant that shows none.
    """

    id: str
    source: str
    target: str
    line: int = 0
    pools: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Graph:
    """``hash`` is the SHA-256 of the file's bytes. Element ids are unique in a file, so ``nodes`` is flat.

    ``reach[gateway][flow]`` has a bit for each node, by ``positions``: whether a token can reach that incoming flow
    of an inclusive or complex gateway from there by a path that avoids the gateway (§13.4.3), boundary and link
    edges included.
    """

    hash: str
    name: str
    processes: Mapping[str, Process]
    nodes: Mapping[str, Node]
    flows: Mapping[str, Flow]
    positions: Mapping[str, int]
    reach: Reach
    messages: Mapping[str, Message] = field(default_factory=dict)
    signals: Mapping[str, Signal] = field(default_factory=dict)
    errors: Mapping[str, ErrorCode] = field(default_factory=dict)
    escalations: Mapping[str, ErrorCode] = field(default_factory=dict)
    message_flows: tuple[MessageFlow, ...] = ()

    def node(self, element_id: str) -> Node | None:
        return self.nodes.get(element_id)

    def enclosing(self, node: Node) -> Node | None:
        """The subprocess that the node lies in; None at the level of its process. A global task has its own id."""
        return None if node.parent in self.processes else self.nodes.get(node.parent)

    def container(self, element_id: str) -> Container:
        process = self.processes.get(element_id)
        if process is not None:
            return process.container
        inner = self.nodes[element_id].container
        if inner is None:
            raise KeyError(element_id)
        return inner
