"""What a person may start now: the enabled activities of open ad-hoc subprocesses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bpmn.events import AdHocActivated
from bpmn.handlers.instance import ActivateAdHoc, enabled
from bpmn.model import Graph
from bpmn.state import State


@dataclass(frozen=True, slots=True)
class Enabled:
    scope_key: int
    element_id: str
    name: str


def discretionary(graphs: Mapping[str, Graph], state: State) -> tuple[Enabled, ...]:
    """In order of scope and diagram; each can be sent as ``AdHocActivated``."""
    found: list[Enabled] = []
    for scope in sorted(state.scopes.values(), key=lambda scope: scope.key):
        if scope.kind != "adhoc":
            continue
        graph = graphs[scope.graph]
        for key in enabled(graph, scope):
            if _CHECK.check(graphs, state, AdHocActivated(scope.key, key)) is None:
                found.append(Enabled(scope.key, key, graph.nodes[key].name))
    return tuple(found)


_CHECK = ActivateAdHoc()
